/**
 * A Bloom filter that grows: texts go in, and it says of a text that it is not among them, or that it may be.
 *
 * It is a list of bit sets, each four times as large as the one before it. A text is added to the last, and looked for in all. The largest takes what
 * comes when it is full, too: then more texts may be in it than are, and nothing else is wrong.
 */
const firstBits = 2 ** 15;
const growth = 4;
/** Then each bit set says of one text of a hundred that it may be there although it is not. */
const bitsPerText = 10;
const probes = 4;

interface Layer {
  readonly words: Uint32Array;
  readonly mask: number;
  texts: number;
}

function newLayer(bits: number): Layer {
  return { words: new Uint32Array(bits / 32), mask: bits - 1, texts: 0 };
}

export class TraceFilter {
  readonly #bitsMax: number;
  readonly #layers: Layer[] = [];

  /** `bytesMax`: of the largest bit set. */
  constructor(bytesMax: number) {
    this.#bitsMax = bytesMax * 8;
  }

  add(text: string): void {
    const layer = this.#room();
    const hash = hashOf(text);
    const step = mixed(hash) | 1;
    layer.texts += 1;
    for (let probe = 0, at = hash; probe < probes; probe += 1, at = (at + step) | 0) {
      const bit = at & layer.mask;
      layer.words[bit >>> 5] = (layer.words[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }

  mayHold(text: string): boolean {
    if (this.#layers.length === 0) return false;
    const hash = hashOf(text);
    const step = mixed(hash) | 1;
    for (const layer of this.#layers) if (holds(layer, hash, step)) return true;
    return false;
  }

  #room(): Layer {
    const last = this.#layers.at(-1);
    const bits = last ? last.mask + 1 : 0;
    const next = last ? bits * growth : firstBits;
    if (last && (last.texts * bitsPerText < bits || next > this.#bitsMax)) return last;
    const layer = newLayer(next);
    this.#layers.push(layer);
    return layer;
  }
}

function holds({ words, mask }: Layer, hash: number, step: number): boolean {
  for (let probe = 0, at = hash; probe < probes; probe += 1, at = (at + step) | 0) {
    const bit = at & mask;
    if (((words[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** FNV-1a over the text's characters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mixed(hash);
}

/** Every bit of the result depends on every bit of the number. */
function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
