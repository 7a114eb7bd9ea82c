import { asBytes } from '../../model/bytes.ts';
import { free } from '../../model/free.ts';

/** So much room is made because a client announces a body, and this many times of that each time when it is full: of 4 MiB that came, 64 are believed. */
const announcedBytesMax = 256 * 1_024;
const growth = 16;

/**
 * A body as it comes, in one buffer from its beginning: to put a large one together at its end would hold up the event loop. Memory that nothing was written
 * to is not there yet, so the buffer grows in few large steps, and never has to move more than some megabytes.
 */
export class GatheredBody {
  readonly #bytesMax: number;
  #buffer: Buffer;
  #size = 0;

  /** `bytesMax`: what was announced; whoever adds does not go beyond it. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(bytesMax, announcedBytesMax));
  }

  get size(): number {
    return this.#size;
  }

  /** A copy of it. */
  add(chunk: Uint8Array): void {
    const end = this.#size + chunk.length;
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#bytesMax, Math.max(end, this.#buffer.length * growth)));
      this.#buffer.copy(larger, 0, 0, this.#size);
      free(asBytes(this.#buffer));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#size);
    this.#size = end;
  }

  whole(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }
}
