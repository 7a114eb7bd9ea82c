/** Media that are too large for a message become attachments of the run, and a text in their place names them (mapping §13.6). */
import { bytes } from '../../../model/bytes.ts';
import type { Attachment } from '../../../model/draft.ts';
import { freeName } from './attachments.ts';
import { isBase64 } from './base64.ts';
import { isArray, isObject, isText, type Json, type JsonObject, type Text, textOf } from './json.ts';
import type { SpanReader } from './span-reader.ts';

const mediaMax = 64;
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,;]{1,256}){0,8};base64,/;
const address = /^(?:data|https?|gs|s3):/i;
const mimeTypePattern = /^[\w.+-]+\/[\w.+-]+$/;
const unknownType = 'application/octet-stream';
const picture = 'image/png';
const sound = 'audio/wav';
const subtypeEnd = 64;

interface Found {
  readonly base64: string;
  readonly mimeType: string;
}

/** Takes media of more than `bytesMax` bytes out of what was said or painted, in place. `prefix` begins the attachments' names. */
export function moveMedia(reader: SpanReader, payload: JsonObject | undefined, prefix: string, bytesMax: number, into: Attachment[]): void {
  if (payload === undefined) return;
  const { data, images } = payload;
  const list = payload.messages ?? payload.choices;
  if (!isArray(list) && !isArray(data) && !isArray(images)) return;
  const mover = new Mover(reader, Math.floor((bytesMax * 4) / 3), into);
  if (isArray(list)) mover.messages(list, prefix);
  // OpenAI's pictures as an answer, Ollama's beside a prompt.
  if (isArray(data)) payload.data = mover.parts(data, prefix);
  if (isArray(images)) payload.images = mover.parts(images, prefix, picture);
}

class Mover {
  readonly #reader: SpanReader;
  /** Base64 writes three bytes as four characters. */
  readonly #charactersMax: number;
  readonly #into: Attachment[];

  constructor(reader: SpanReader, charactersMax: number, into: Attachment[]) {
    this.#reader = reader;
    this.#charactersMax = charactersMax;
    this.#into = into;
  }

  messages(list: readonly Json[], prefix: string): void {
    for (const [at, element] of list.entries()) {
      const message = isObject(element) && isObject(element.message) ? element.message : element;
      if (isObject(message)) this.#message(message, `${prefix}msg${at}`);
    }
  }

  #message(message: JsonObject, name: string): void {
    if (isArray(message.content)) message.content = this.parts(message.content, `${name}_`);
    const { audio } = message;
    const spoken = isObject(audio) ? this.#large(audio.data, sound) : undefined;
    if (spoken !== undefined) message.audio = { ...(audio as JsonObject), data: this.#moved(spoken, `${name}_audio`) };
  }

  /** `bareType`: what parts are that are nothing but base64; without it they are texts. */
  parts(parts: readonly Json[], prefix: string, bareType = ''): readonly Json[] {
    let changed: Json[] | undefined;
    for (const [at, part] of parts.entries()) {
      const found = isObject(part) ? this.#found(part) : bareType === '' ? undefined : this.#large(part, bareType);
      if (found === undefined) continue;
      changed ??= [...parts];
      changed[at] = { type: 'text', text: this.#moved(found, `${prefix}part${at}`), extras: { mime_type: found.mimeType } };
    }
    return changed ?? parts;
  }

  /** The text that names the attachment. A name becomes part of a header, where a dot would separate its parts. */
  #moved({ base64, mimeType }: Found, prefix: string): string {
    const name = freeName(`${prefix}_${mimeType.slice(mimeType.indexOf('/') + 1, subtypeEnd).replace(/\W/g, '_')}`, this.#into);
    this.#into.push({ name, contentType: mimeType, content: bytes.from(base64, 'base64') });
    return `[attachment: ${name}]`;
  }

  #found(part: JsonObject): Found | undefined {
    const { image_url: image, input_audio: audio, file, base64, b64_json: painted } = part;
    if (isObject(image)) return this.#atUrl(image.url);
    if (isObject(file)) return this.#atUrl(file.file_data);
    if (isObject(audio)) return this.#large(audio.data, `audio/${isText(audio.format) ? textOf(audio.format) : 'wav'}`);
    if (painted !== undefined) return this.#large(painted, picture);
    return this.#large(base64, isText(part.mime_type) ? textOf(part.mime_type) : unknownType);
  }

  /** What is in a data URL. Files may be sent as base64 alone. */
  #atUrl(url: Json | undefined): Found | undefined {
    if (!isText(url) || lengthOf(url) <= this.#charactersMax) return undefined;
    const text = textOf(url);
    const head = dataUrl.exec(text);
    if (head !== null) return this.#large(text.slice(head[0].length), head[1] as string);
    return address.test(text) ? undefined : this.#large(text, unknownType);
  }

  #large(data: Json | undefined, mimeType: string): Found | undefined {
    if (!isText(data) || lengthOf(data) <= this.#charactersMax || this.#into.length >= mediaMax || !mimeTypePattern.test(mimeType))
      return undefined;
    const base64 = textOf(data);
    if (isBase64(base64)) return { base64, mimeType };
    this.#reader.warn('media in a message are not base64, and stay where they are');
    return undefined;
  }
}

function lengthOf(text: Text): number {
  return typeof text === 'string' ? text.length : text.end - text.start;
}
