import { type Bytes, bytes } from '../../../model/bytes.ts';

/** What windows-1252 has at 0x80–0x9f; the rest is Latin 1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function utf16(content: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let text = '';
  for (let at = 0; at + 1 < content.length; at += 2) text += String.fromCharCode(view.getUint16(at, littleEndian));
  return (content.length % 2 === 0 ? text : `${text}\ufffd`).replace(/\p{Surrogate}/gu, '\ufffd');
}

/** With a byte order mark, or else big endian (RFC 2781). */
function utf16Marked(content: Uint8Array): string {
  const isLittle = content[0] === 0xff && content[1] === 0xfe;
  const isMarked = isLittle || (content[0] === 0xfe && content[1] === 0xff);
  return utf16(isMarked ? content.subarray(2) : content, isLittle);
}

function ascii(content: Bytes): string {
  return content.latin1Slice().replace(/[\u0080-\u00ff]/g, '\ufffd');
}

function latin(content: Bytes): string {
  return content.latin1Slice().replace(/[\u0080-\u009f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80]!);
}

const decoders: ReadonlyMap<string, (content: Bytes) => string> = new Map([
  ['utf-8', (content: Bytes) => content.utf8Slice()],
  ['us-ascii', ascii],
  ['iso-8859-1', (content: Bytes) => content.latin1Slice()],
  ['windows-1252', latin],
  ['utf-16', utf16Marked],
  ['utf-16le', (content: Bytes) => utf16(content, true)],
  ['utf-16be', (content: Bytes) => utf16(content, false)],
]);

const aliases: ReadonlyMap<string, string> = new Map([
  ['utf8', 'utf-8'],
  ['ascii', 'us-ascii'],
  ['latin1', 'iso-8859-1'],
  ['iso8859-1', 'iso-8859-1'],
  ['cp1252', 'windows-1252'],
]);

export const charsetNames: readonly string[] = [...decoders.keys()];

/** The decoder of an IANA charset, or `undefined`. Bytes without meaning become U+FFFD. */
export function charsetDecoder(name: string): ((content: Bytes) => string) | undefined {
  const lower = name.toLowerCase();
  return decoders.get(aliases.get(lower) ?? lower);
}

export function bytesOf(content: Uint8Array): Bytes {
  return bytes.from(content.buffer, content.byteOffset, content.length);
}
