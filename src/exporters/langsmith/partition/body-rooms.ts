import { type Bytes, bytes } from '../../../model/bytes.ts';

/** Most bodies fit into the smallest room; what is not written to is no memory yet. */
const roomBytesMin = 2 << 20;
/** Rooms of one size do not fit bodies of another, so there may be more of them than are used at a time. */
const sharedShare = 2;

interface Waiting {
  readonly size: number;
  readonly resolve: (room: Bytes) => void;
}

/**
 * Room for bodies that are composed, compressed and then forgotten, used again and again: a new buffer of a megabyte for each batch is what makes the
 * garbage collector run. Shared memory, so that the thread that compresses reads it where it stands. That thread keeps what it was shown until its own
 * collector runs, which such memory does not make it do: so there is a bounded amount of it, which is never let go.
 *
 * Who finds no room waits for it, in the order of asking: one thread compresses, so to compose many bodies ahead of it would only cost memory.
 */
export class BodyRooms {
  readonly #bytesMax: number;
  readonly #free: Bytes[] = [];
  readonly #waiting: Waiting[] = [];
  #usedBytes = 0;
  #sharedBytes = 0;

  /** `bytesMax`: of all rooms in use. What is larger than all is taken when it is alone. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** At least so many bytes, with anything in them. Take no second room before the first is given back. */
  take(size: number): Promise<Bytes> {
    return new Promise((resolve) => {
      this.#waiting.push({ size, resolve });
      this.#grant();
    });
  }

  /** Nobody may read it any more. */
  give(room: Bytes): void {
    this.#usedBytes -= room.length;
    if (room.buffer instanceof SharedArrayBuffer) this.#free.push(room);
    this.#grant();
  }

  #grant(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const length = lengthFor(first.size);
      if (this.#usedBytes > 0 && this.#usedBytes + length > this.#bytesMax) return;
      this.#waiting.shift();
      const room = this.#room(length);
      this.#usedBytes += room.length;
      first.resolve(room);
    }
  }

  #room(length: number): Bytes {
    const index = this.#free.findIndex((room) => room.length >= length);
    if (index >= 0) return this.#free.splice(index, 1)[0] as Bytes;
    // Shared memory of other sizes may have taken all that there is.
    if (this.#sharedBytes + length > this.#bytesMax * sharedShare) return bytes.allocUnsafeSlow(length);
    this.#sharedBytes += length;
    return bytes.from(new SharedArrayBuffer(length));
  }
}

/** Of few sizes, so that one room fits many bodies. */
function lengthFor(size: number): number {
  return Math.max(roomBytesMin, 2 ** Math.ceil(Math.log2(size)));
}
