import { type Bytes, bytes } from '../../../model/bytes.ts';

const roomBytesMin = 1 << 20;

/**
 * Room for bodies that are composed, compressed and then forgotten, used again and again: a new buffer of a megabyte for each batch is what makes the
 * garbage collector run. Shared memory, so that the thread that compresses reads it where it stands. That thread keeps what it was shown until its own
 * collector runs, which such memory does not make it do: so there is a bounded amount of it, which is never let go.
 */
export class BodyRooms {
  readonly #sharedBytesMax: number;
  readonly #free: Bytes[] = [];
  #sharedBytes = 0;

  /** `sharedBytesMax`: of all rooms, used or not. Beyond it there is ordinary memory. */
  constructor(sharedBytesMax: number) {
    this.#sharedBytesMax = sharedBytesMax;
  }

  /** At least so many bytes, with anything in them. */
  take(size: number): Bytes {
    const index = this.#free.findIndex((room) => room.length >= size);
    if (index >= 0) return this.#free.splice(index, 1)[0] as Bytes;
    const length = Math.max(roomBytesMin, 2 ** Math.ceil(Math.log2(size)));
    if (this.#sharedBytes + length > this.#sharedBytesMax) return bytes.allocUnsafeSlow(size);
    this.#sharedBytes += length;
    return bytes.from(new SharedArrayBuffer(length));
  }

  /** Nobody may read it any more. */
  give(room: Bytes): void {
    if (room.buffer instanceof SharedArrayBuffer) this.#free.push(room);
  }
}
