import { type Bytes, bytes } from '../../../model/bytes.ts';

const roomBytesMin = 1 << 20;

/**
 * Room for bodies that are composed, compressed and then forgotten, used again and again: a new buffer of a megabyte for each batch is what makes the
 * garbage collector run. Shared memory, so that the thread that compresses reads it where it stands.
 */
export class BodyRooms {
  readonly #keptBytesMax: number;
  readonly #free: Bytes[] = [];
  #keptBytes = 0;

  /** `keptBytesMax`: of rooms that nobody uses. */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  /** At least so many bytes, with anything in them. */
  take(size: number): Bytes {
    const index = this.#free.findIndex((room) => room.length >= size);
    if (index < 0) return bytes.from(new SharedArrayBuffer(Math.max(roomBytesMin, 2 ** Math.ceil(Math.log2(size)))));
    const [room] = this.#free.splice(index, 1) as [Bytes];
    this.#keptBytes -= room.length;
    return room;
  }

  /** Nobody may read it any more. */
  give(room: Bytes): void {
    if (this.#keptBytes + room.length > this.#keptBytesMax) return;
    this.#free.push(room);
    this.#keptBytes += room.length;
  }
}
