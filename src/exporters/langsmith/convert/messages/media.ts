import { bytes } from '../../../../model/bytes.ts';
import { isArray, isObject, isText, type Json, type JsonObject, type Text, textOf } from '../json.ts';
import type { ContentPart } from './message.ts';

/** A picture, sound, film or document in any source shape. One of `url`, `data` (base64, or bytes as numbers) and `fileId` says where it is. */
export interface Media {
  readonly url?: Json | undefined;
  readonly data?: Json | undefined;
  readonly fileId?: Json | undefined;
  readonly mimeType?: Json | undefined;
  /** `image`, `audio`, `video`, `document`; beats the MIME type. */
  readonly modality?: Json | undefined;
  readonly name?: Json | undefined;
  readonly extras?: JsonObject | undefined;
}

const defaultMimeTypes: ReadonlyMap<string, string> = new Map([
  ['image', 'image/png'],
  ['audio', 'audio/wav'],
  ['video', 'video/mp4'],
]);

/** `undefined` where the media does not say what it holds. */
export function mediaPart(media: Media): ContentPart | undefined {
  const mimeType = isText(media.mimeType) ? textOf(media.mimeType) : '';
  const kind = isText(media.modality) ? textOf(media.modality) : mimeType.slice(0, mimeType.indexOf('/'));
  const part = isText(media.fileId)
    ? filePart(media, { file_id: media.fileId })
    : located(kind, mimeType || defaultMimeTypes.get(kind) || 'application/octet-stream', media);
  if (part !== undefined && media.extras !== undefined) part.extras = media.extras;
  return part;
}

function located(kind: string, mimeType: string, media: Media): ContentPart | undefined {
  const url = isText(media.url) ? media.url : addressIn(media.data);
  const data = url === undefined ? base64Of(media.data) : undefined;
  if (url === undefined && data === undefined) return undefined;
  switch (kind) {
    case 'image':
      return { type: 'image_url', image_url: { url: url ?? dataUrl(mimeType, data) } };
    case 'audio':
      if (data !== undefined) return { type: 'input_audio', input_audio: { data, format: mimeType.slice(mimeType.indexOf('/') + 1) } };
      return filePart(media, { file_url: url });
    case 'video':
      return url === undefined ? { type: 'video', base64: data, mime_type: mimeType } : { type: 'video', url, mime_type: mimeType };
    default:
      return filePart(media, url === undefined ? { file_data: dataUrl(mimeType, data) } : { file_url: url });
  }
}

function filePart(media: Media, place: JsonObject): ContentPart {
  return { type: 'file', file: isText(media.name) ? { filename: media.name, ...place } : place };
}

/** Data that is an address in truth: some shapes have one field for both. */
function addressIn(data: Json | undefined): Text | undefined {
  if (!isText(data)) return undefined;
  const start = typeof data === 'string' ? data.slice(0, 8) : data.source.utf8Slice(data.start, Math.min(data.start + 8, data.end));
  return /^(?:data:|https?:|gs:|s3:)/i.test(start) ? data : undefined;
}

function dataUrl(mimeType: string, data: Text | undefined): string {
  return `data:${mimeType};base64,${data === undefined ? '' : textOf(data)}`;
}

/** Base64 text; also of bytes that JSON spelled out: `{"0": 137, "1": 80}`, `{"type": "Buffer", "data": [137, 80]}`, `[137, 80]`. */
function base64Of(data: Json | undefined): Text | undefined {
  if (isText(data)) return data;
  const list = isObject(data) ? (isArray(data.data) ? data.data : (Object.values(data) as Json[])) : data;
  if (!isArray(list) || list.length === 0 || !list.every((byte) => typeof byte === 'number')) return undefined;
  const content = bytes.from(Uint8Array.from(list as number[]).buffer);
  return content.base64Slice(0, content.length);
}
