/**
 * A multipart body that is written run by run.
 *
 * It stands in memory that is shared with the thread that compresses it. V8 copies into such memory byte by byte, unless source and target are aligned
 * alike, and that takes up to eleven times as long as a copy elsewhere. So each run is written on a stage first, which stays in the processor's cache, and
 * goes from there into the body in one piece.
 */
import type { Bytes } from '../../../model/bytes.ts';
import { ByteWriter } from './byte-writer.ts';

/** Most runs fit it. */
const stageBytes = 64 << 10;
/** A stage that one extraordinary run has made larger is not kept. */
const keptBytesMax = 1 << 20;
/** What is copied at once where source and target begin equally far behind a multiple of it. */
const wordBytes = 8;

/** A run is written without waiting, so one stage serves all bodies. */
const stage = new ByteWriter(stageBytes);

export class StagedBody {
  /** Where a run is written, between `begin` and `end`. */
  readonly stage: ByteWriter = stage;
  readonly #body: ByteWriter;
  /** Where on the stage the body goes on. */
  #from = 0;

  /** `room`: bytes to begin with, or how many. */
  constructor(room: number | Bytes) {
    this.#body = new ByteWriter(room);
  }

  /** Returns where in the body the run begins. */
  begin(): number {
    if (stage.room.length > keptBytesMax) stage.renew(stageBytes);
    this.#clearBehind(0);
    return this.#body.length;
  }

  /**
   * Call it before anything of the run is written. Returns where the source stands now, from its first byte on: on the stage, in front of the run, since
   * copying within one memory costs a third; or where it stood, if it is long.
   */
  take(source: Bytes): Bytes {
    if (source.length > stageBytes) return source;
    stage.clear();
    stage.raw(source);
    this.#clearBehind(source.length);
    return stage.room;
  }

  /** Returns where in the body the run ends. */
  end(): number {
    this.#body.part(stage.room, this.#from, stage.length);
    this.#clearBehind(0);
    return this.#body.length;
  }

  /** What stands elsewhere already; a long one takes the stage in pieces. */
  part(source: Bytes, start: number, end: number): void {
    let at = start;
    for (; end - at > stageBytes; at += stageBytes) {
      stage.part(source, at, at + stageBytes);
      this.end();
    }
    stage.part(source, at, end);
  }

  /** The body, and `last` behind it; it stands in the room. */
  finish(last: string): Bytes {
    this.#body.ascii(last);
    return this.#body.finish();
  }

  #clearBehind(size: number): void {
    this.#from = Math.ceil(size / wordBytes) * wordBytes + (this.#body.length % wordBytes);
    stage.clear(this.#from);
  }
}
