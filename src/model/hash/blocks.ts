/**
 * The message of MD5, SHA-1 and SHA-2 padded to whole blocks: a one bit, zeros, then the length in bits (RFC 1321 §3.1, RFC 6234 §4).
 * `lengthBytes` is 8, or 16 for blocks of 128 bytes.
 */
export function padded(message: Uint8Array, blockBytes: 64 | 128, littleEndian: boolean): DataView {
  const lengthBytes = blockBytes >> 3;
  const total = Math.ceil((message.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const blocks = new Uint8Array(total);
  blocks.set(message);
  blocks[message.length] = 0x80;
  const view = new DataView(blocks.buffer);
  const high = Math.floor(message.length / 0x2000_0000);
  const low = message.length << 3;
  view.setUint32(total - 8, littleEndian ? low : high, littleEndian);
  view.setUint32(total - 4, littleEndian ? high : low, littleEndian);
  return view;
}

/** Words of 32 bits as lower-case hex. */
export function hexOfWords(words: Int32Array | Uint32Array): string {
  let hex = '';
  for (const word of words) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}
