/** Media that are too large for a message become attachments of the run, and a text in their place names them (mapping §13.6). */
import { bytes } from '../../../model/bytes.ts';
import type { Attachment } from '../../../model/draft.ts';
import { isArray, isObject, isText, type Json, type JsonObject, type Text, textOf } from './json.ts';

const mediaMax = 64;
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,;]*)*;base64,/;

interface Found {
  readonly base64: string;
  readonly mimeType: string;
}

/** Takes media of more than `bytesMax` bytes out of `messages` or `choices`, in place. `name` begins the attachments' names. */
export function moveMedia(payload: JsonObject | undefined, name: string, bytesMax: number, into: Attachment[]): void {
  const list = payload?.messages ?? payload?.choices;
  if (!isArray(list)) return;
  // Base64 writes three bytes as four characters.
  const charactersMax = Math.floor((bytesMax * 4) / 3);
  for (const [at, element] of list.entries()) {
    const message = isObject(element) && isObject(element.message) ? element.message : element;
    if (isObject(message) && isArray(message.content)) message.content = moved(message.content, `${name}msg${at}`, charactersMax, into);
  }
}

function moved(parts: readonly Json[], name: string, charactersMax: number, into: Attachment[]): readonly Json[] {
  let changed: Json[] | undefined;
  for (const [at, part] of parts.entries()) {
    const found = isObject(part) && into.length < mediaMax ? mediaIn(part, charactersMax) : undefined;
    if (found === undefined) continue;
    const extension = found.mimeType.slice(found.mimeType.indexOf('/') + 1).replace(/\W/g, '_');
    const attachment = `${name}_part${at}_${extension}`;
    into.push({ name: attachment, contentType: found.mimeType, content: bytes.from(found.base64, 'base64') });
    changed ??= [...parts];
    changed[at] = { type: 'text', text: `[attachment: ${attachment}]`, extras: { mime_type: found.mimeType } };
  }
  return changed ?? parts;
}

function mediaIn(part: JsonObject, charactersMax: number): Found | undefined {
  const { image_url: image, input_audio: audio, file, base64 } = part;
  if (isObject(image)) return fromDataUrl(image.url, charactersMax);
  if (isObject(file)) return fromDataUrl(file.file_data, charactersMax);
  if (isObject(audio)) return large(audio.data, charactersMax, `audio/${isText(audio.format) ? textOf(audio.format) : 'wav'}`);
  return large(base64, charactersMax, isText(part.mime_type) ? textOf(part.mime_type) : 'application/octet-stream');
}

function fromDataUrl(url: Json | undefined, charactersMax: number): Found | undefined {
  if (!isText(url) || lengthOf(url) <= charactersMax) return undefined;
  const text = textOf(url);
  const head = dataUrl.exec(text);
  return head === null ? undefined : { base64: text.slice(head[0].length), mimeType: head[1] as string };
}

function large(data: Json | undefined, charactersMax: number, mimeType: string): Found | undefined {
  if (!isText(data) || lengthOf(data) <= charactersMax || !/^[\w.+-]+\/[\w.+-]+$/.test(mimeType)) return undefined;
  return { base64: textOf(data), mimeType };
}

function lengthOf(text: Text): number {
  return typeof text === 'string' ? text.length : text.end - text.start;
}
