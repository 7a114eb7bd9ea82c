/** The slot of a key in a cluster: CRC-16/XMODEM of its hash tag. Source: Redis Cluster specification, "Key distribution model" and "Hash tags". */
const slots = 16_384;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) crc = ((crc << 8) ^ (table[(crc >> 8) ^ byte] as number)) & 0xffff;
  return crc;
}

/** `0 … 16383`. */
export function slotOf(key: string): number {
  const start = key.indexOf('{');
  const end = key.indexOf('}', start + 1);
  const tag = start >= 0 && end > start + 1 ? key.slice(start + 1, end) : key;
  return crc16(tag) % slots;
}
