/**
 * The two loops in which conversion spends its time: texts are looked at once, two words of four bytes at a step, for the few bytes that JSON does not
 * take as they are.
 */
const highBits = 0x80808080;
const noView = new DataView(new ArrayBuffer(0));

/**
 * Sets the high bit of a byte that is below 0x20, a quote or a backslash; or had it before. With its second bit turned, a quote is 0x20 and a space is not,
 * so that one subtraction finds controls and quotes. (A borrow can only begin at such a byte, so there are no false alarms below the first real one.)
 */
function specials(word: number): number {
  return ((word ^ 0x02020202) - 0x21212121) | ((word ^ 0x5c5c5c5c) - 0x01010101);
}

/** The first byte of the two words whose high bit is set. */
function firstHigh(one: number, two: number): number {
  const bits = (one & highBits) === 0 ? two & highBits : one & highBits;
  const byte = (31 - Math.clz32(bits & -bits)) >> 3;
  return (one & highBits) === 0 ? 4 + byte : byte;
}

/**
 * Copies plain ASCII from `from` on and returns where it stopped: at `end`, or before the first control, quote, backslash or byte over 0x7f. The target has
 * room for all of it: behind the place where it stopped, some bytes more may have been written.
 */
export function copyPlain(source: DataView, from: number, end: number, target: DataView, to: number): number {
  const shift = to - from;
  let at = from;
  for (; at + 8 <= end; at += 8) {
    const one = source.getInt32(at, true);
    const two = source.getInt32(at + 4, true);
    target.setInt32(at + shift, one, true);
    target.setInt32(at + 4 + shift, two, true);
    const ofOne = one | specials(one);
    const ofTwo = two | specials(two);
    if (((ofOne | ofTwo) & highBits) !== 0) return at + firstHigh(ofOne, ofTwo);
  }
  for (; at < end; at++) {
    const byte = source.getUint8(at);
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c || byte > 0x7f) break;
    target.setUint8(at + shift, byte);
  }
  return at;
}

/** Copies bytes, whatever they are. */
export function copyAll(source: DataView, from: number, end: number, target: DataView, to: number): void {
  const shift = to - from;
  let at = from;
  for (; at + 4 <= end; at += 4) target.setInt32(at + shift, source.getInt32(at, true), true);
  for (; at < end; at++) target.setUint8(at + shift, source.getUint8(at));
}

/** The first control, quote or backslash from `from` on, else `end`. Bytes over 0x7f are passed over: for text that is known to be UTF-8. */
export function specialAt(source: DataView, from: number, end: number): number {
  let at = from;
  for (; at + 8 <= end; at += 8) {
    const one = source.getInt32(at, true);
    const two = source.getInt32(at + 4, true);
    const ofOne = specials(one) & ~one;
    const ofTwo = specials(two) & ~two;
    if (((ofOne | ofTwo) & highBits) !== 0) return at + firstHigh(ofOne, ofTwo);
  }
  for (; at < end; at++) {
    const byte = source.getUint8(at);
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) break;
  }
  return at;
}

/** The views of the bytes that were asked for last: texts come from one request, one after another, and from what its spans have in common. */
export class LastViews {
  #source: Uint8Array | undefined;
  #view: DataView = noView;
  #earlierSource: Uint8Array | undefined;
  #earlierView: DataView = noView;

  of(source: Uint8Array): DataView {
    if (source === this.#source) return this.#view;
    const view = source === this.#earlierSource ? this.#earlierView : new DataView(source.buffer, source.byteOffset, source.byteLength);
    this.#earlierSource = this.#source;
    this.#earlierView = this.#view;
    this.#source = source;
    this.#view = view;
    return view;
  }
}
