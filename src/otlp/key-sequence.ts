/**
 * Spans of one kind have the same keys in the same order, so the order is kept as one object that they share: who remembers that object and where a key
 * stood in it (or that it is absent) finds the key in the next span by one comparison.
 *
 * The sequences are a tree: each is another one and a key more. It grows by what comes, up to `sequencesMax`. Then lists that it does not have go without,
 * and after `missesMax` of them it begins anew, so that hostile keys can neither fill memory nor keep the tree from the others for long.
 */
import { internalized } from '../model/internalized.ts';
import { keyLengthMax } from './key-table.ts';

const sequencesMax = 8_192;
/** Many, so that making sequences that nobody needs again is a small part of the work on the lists that they come from. */
const missesMax = 16 * sequencesMax;
/** Longer lists are not worth the room. */
const lengthMax = 128;

export class KeySequence {
  readonly length: number;
  readonly #room: Room;
  readonly #before: KeySequence | undefined;
  readonly #key: string;
  /** The key that followed last, and the sequence with it: mostly the same one comes again. */
  #lastKey = '';
  #last: KeySequence | undefined;
  #others: Map<string, KeySequence> | undefined;

  constructor(room: Room, before?: KeySequence, key = '') {
    this.length = before === undefined ? 0 : before.length + 1;
    this.#room = room;
    this.#before = before;
    this.#key = key;
  }

  /** Where a key stands, the last time if it stands there twice; -1 if it does not. */
  positionOf(key: string): number {
    let sequence: KeySequence = this;
    for (let before = sequence.#before; before !== undefined; before = sequence.#before) {
      if (sequence.#key === key) return before.length;
      sequence = before;
    }
    return -1;
  }

  /** This sequence with a key more, an internalized one; `undefined` if it is not kept. */
  with(key: string): KeySequence | undefined {
    return this.#lastKey === key && this.#last !== undefined ? this.#last : this.withText(key);
  }

  /** The same with any text. It compares none, so that comparisons in `with` and `positionOf` stay those of internalized texts, which are the fast ones. */
  withText(key: string): KeySequence | undefined {
    let next = this.#others?.get(key);
    if (next === undefined) {
      if (key.length > keyLengthMax || this.length >= lengthMax || !this.#room.take()) return undefined;
      next = new KeySequence(this.#room, this, internalized(key));
      this.#others ??= new Map();
      this.#others.set(next.#key, next);
    }
    this.#lastKey = next.#key;
    this.#last = next;
    return next;
  }
}

/** How many sequences there may still be. */
class Room {
  readonly #sequencesMax: number;
  #count = 0;
  misses = 0;

  constructor(sequencesMax: number) {
    this.#sequencesMax = sequencesMax;
  }

  take(): boolean {
    if (this.#count < this.#sequencesMax) {
      this.#count++;
      return true;
    }
    this.misses++;
    return false;
  }
}

export class KeySequences {
  readonly #sequencesMax: number;
  readonly #missesMax: number;
  #room: Room;
  #root: KeySequence;

  constructor(sequences = sequencesMax, misses = missesMax) {
    this.#sequencesMax = sequences;
    this.#missesMax = misses;
    this.#room = new Room(sequences);
    this.#root = new KeySequence(this.#room);
  }

  /** Of `keys[first, end)`; `undefined` if it is not kept, if a key of the list is overridden by a later one, or if one is too long to be internalized. */
  of(keys: readonly (string | undefined)[], first: number, end: number): KeySequence | undefined {
    if (this.#room.misses >= this.#missesMax) this.#beginAnew();
    let sequence: KeySequence | undefined = this.#root;
    for (let index = first; index < end && sequence !== undefined; index++) {
      const key = keys[index];
      if (key === undefined || key.length > keyLengthMax) return undefined;
      sequence = sequence.with(key);
    }
    return sequence;
  }

  #beginAnew(): void {
    this.#room = new Room(this.#sequencesMax);
    this.#root = new KeySequence(this.#room);
  }
}

/** The process's own, as is the table of keys. */
export const keySequences = new KeySequences();
