import { large64, large128 } from './xxh3-large.ts';
import { medium64, medium128 } from './xxh3-medium.ts';
import { small64, small128 } from './xxh3-small.ts';

/** XXH3 with seed 0, in its 64-bit and 128-bit forms, as hex text with the highest digit first (xxHash specification 0.2). */

function viewOf(message: Uint8Array): DataView {
  return new DataView(message.buffer, message.byteOffset, message.length);
}

function hex(word: bigint): string {
  return word.toString(16).padStart(16, '0');
}

export function xxh3(message: Uint8Array): string {
  const input = viewOf(message);
  return hex(message.length <= 16 ? small64(input) : message.length <= 240 ? medium64(input) : large64(input));
}

export function xxh128(message: Uint8Array): string {
  const input = viewOf(message);
  const [low, high] = message.length <= 16 ? small128(input) : message.length <= 240 ? medium128(input) : large128(input);
  return hex(high) + hex(low);
}
