import type { Bytes } from '../model/bytes.ts';
import { internalized } from '../model/internalized.ts';

/**
 * Attribute keys repeat from span to span, so their texts are kept: one string per key for the life of the process, found by its bytes.
 * It is a cache of 1024 buckets with four places each. A new key takes the place of one that the current list of attributes does not use; where there is none,
 * and for long keys, the text is made afresh. So hostile keys can neither grow it nor make a look-up slow.
 *
 * The same look-up finds duplicates within a list, without a set: an entry remembers the list and the position where it was last seen.
 */
const buckets = 1024;
const ways = 4;
const keyBytesMax = 128;
/** Keys up to this length are internalized, kept or not. The engine's hash of a very long text is its length alone, so long ones stay out of its table. */
export const keyLengthMax = 128;

class Entry {
  readonly text: string;
  readonly hash: number;
  readonly words: DataView;
  list = 0;
  position = 0;

  constructor(text: string, hash: number, words: DataView) {
    this.text = text;
    this.hash = hash;
    this.words = words;
  }
}

export class KeyTable {
  readonly #entries: (Entry | undefined)[] = new Array<Entry | undefined>(buckets * ways).fill(undefined);
  /** Keys of the current list that are not in the cache. */
  #strangers: Map<string, number> | undefined;
  #list = 0;
  /** Position of the same key earlier in this list, or -1; belongs to the last `text` call. */
  earlier = -1;

  /** A new list of attributes begins. */
  begin(): void {
    this.#list++;
    this.#strangers = undefined;
  }

  text(source: Bytes, view: DataView, start: number, end: number, position: number): string {
    const length = end - start;
    if (length > keyBytesMax) return this.#strange(source.utf8Slice(start, end), position);
    const hash = hashOf(view, start, end);
    const first = (hash & (buckets - 1)) * ways;
    let free = -1;
    for (let index = first; index < first + ways; index++) {
      const entry = this.#entries[index];
      if (entry === undefined) {
        if (free < 0) free = index;
        break;
      }
      if (entry.hash === hash && entry.words.byteLength === length && sameBytes(entry.words, view, start, length)) {
        this.earlier = entry.list === this.#list ? entry.position : -1;
        entry.list = this.#list;
        entry.position = position;
        return entry.text;
      }
      if (free < 0 && entry.list !== this.#list) free = index;
    }
    const text = source.utf8Slice(start, end);
    // Different bytes that are no UTF-8 can become the same text, so the bytes cannot stand for it.
    if (free < 0 || text.includes('\ufffd')) return this.#strange(text, position);
    const entry = new Entry(internalized(text), hash, new DataView(new Uint8Array(source.subarray(start, end)).buffer));
    entry.list = this.#list;
    entry.position = position;
    this.#entries[free] = entry;
    this.earlier = -1;
    return entry.text;
  }

  #strange(text: string, position: number): string {
    this.#strangers ??= new Map();
    this.earlier = this.#strangers.get(text) ?? -1;
    this.#strangers.set(text, position);
    return text.length > keyLengthMax ? text : internalized(text);
  }
}

/** Four bytes at a step; keys are some twenty to forty bytes long. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function sameBytes(words: DataView, view: DataView, start: number, length: number): boolean {
  let at = 0;
  for (; at + 4 <= length; at += 4) if (words.getInt32(at, true) !== view.getInt32(start + at, true)) return false;
  for (; at < length; at++) if (words.getUint8(at) !== view.getUint8(start + at)) return false;
  return true;
}

/** The process's own. No list of attributes is left off before its end, so one is enough. */
export const keyTable = new KeyTable();
