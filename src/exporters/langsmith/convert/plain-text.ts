/**
 * The two loops in which conversion spends its time: texts are looked at once, four bytes at a step, for the few bytes that JSON does not take as they are.
 *
 * A word has a byte below 0x20, a quote or a backslash exactly if one of the subtractions sets the high bit of a byte that did not have it
 * (a borrow can only begin at such a byte, so there are no false alarms below the first real one).
 */
const highBits = 0x80808080;

/** Copies plain ASCII from `from` on and returns where it stopped: at `end`, or before the first control, quote, backslash or byte over 0x7f. */
export function copyPlain(source: DataView, from: number, end: number, target: DataView, to: number): number {
  const shift = to - from;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const word = source.getInt32(at, true);
    const special = word | (word - 0x20202020) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101);
    if ((special & highBits) !== 0) break;
    target.setInt32(at + shift, word, true);
  }
  for (; at < end; at++) {
    const byte = source.getUint8(at);
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c || byte > 0x7f) break;
    target.setUint8(at + shift, byte);
  }
  return at;
}

/** The first control, quote or backslash from `from` on, else `end`. Bytes over 0x7f are passed over: for text that is known to be UTF-8. */
export function specialAt(source: DataView, from: number, end: number): number {
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const word = source.getInt32(at, true);
    const special = (word - 0x20202020) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101);
    if ((special & ~word & highBits) !== 0) break;
  }
  for (; at < end; at++) {
    const byte = source.getUint8(at);
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) break;
  }
  return at;
}

/** The view of the bytes that were asked for last: texts come from one request, one after another. */
export class LastView {
  #source: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  of(source: Uint8Array): DataView {
    if (source !== this.#source) {
      this.#source = source;
      this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    }
    return this.#view;
  }
}
