import { bytes } from '../../../model/bytes.ts';
import type { Attachment } from '../../../model/draft.ts';
import { isBase64 } from './base64.ts';
import { memberOf } from './coerce.ts';
import { isArray, type Json, stringOf } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const attachments = slot('langsmith.attachments');
const attachmentsMax = 64;

/** `langsmith.attachments`: a list of `{name, content, mime_type}` with the content in base64 (mapping §13.6). A bad entry leaves the attribute where it is. */
export function attachmentsOf(reader: SpanReader): Attachment[] {
  const value = reader.peekJson(attachments);
  if (value === undefined) return [];
  const list = isArray(value) ? value.slice(0, attachmentsMax) : [];
  const found: Attachment[] = [];
  for (const entry of list) {
    const attachment = attachmentOf(entry);
    if (attachment !== undefined) found.push({ ...attachment, name: freeName(attachment.name, found) });
  }
  if (isArray(value) && found.length === value.length) reader.use(attachments);
  else reader.warn('langsmith.attachments holds something that is no attachment');
  return found;
}

/** Names are made unique, since some differ only in characters that a header cannot carry. */
export function freeName(wanted: string, among: readonly Attachment[]): string {
  let name = wanted;
  for (let more = 2; among.some((other) => other.name === name); more++) name = `${wanted}_${more}`;
  return name;
}

function attachmentOf(entry: Json): Attachment | undefined {
  const name = stringOf(memberOf(entry, 'name'));
  const content = stringOf(memberOf(entry, 'content'));
  if (name === undefined || content === undefined || !isBase64(content)) return undefined;
  const type = stringOf(memberOf(entry, 'mime_type')) ?? 'application/octet-stream';
  return { name: safeName(name), contentType: safeType(type), content: bytes.from(content, 'base64') };
}

/** The name becomes part of a header: only what cannot end it, and no dot, which separates its parts. */
function safeName(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, 128);
}

function safeType(type: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream';
}
