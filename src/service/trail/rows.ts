/**
 * The newest rows of a trail, in a room of fixed size: a row more overwrites the oldest. Writing allocates nothing: ids go from hex to integers.
 *
 *   12 × u32: trace id (4) · span id (2) · run id (4) · event · detail        f64: when, ms since the epoch
 */
import { asBytes } from '../../model/bytes.ts';
import { runIdOfSpan } from '../../model/ids.ts';

const wordsPerRow = 12;
const at = { trace: 0, span: 4, run: 6, event: 10, detail: 11 } as const;

const nibbles = new Uint8Array(128);
for (let value = 0; value < 16; value += 1) {
  nibbles[value.toString(16).charCodeAt(0)] = value;
  nibbles[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Ids as text: 32 and 16 hex digits, and a UUID; '' is all zero. */
export interface Row {
  readonly traceId: string;
  readonly spanId: string;
  readonly runId: string;
  readonly event: number;
  readonly detail: number;
  readonly atMs: number;
}

export class Rows {
  readonly capacity: number;
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  #written = 0;
  #lastTrace = '';

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#words = new Uint32Array(capacity * wordsPerRow);
    this.#times = new Float64Array(capacity);
  }

  get count(): number {
    return Math.min(this.#written, this.capacity);
  }

  /** When the oldest row was written; `undefined` without one. */
  get oldestMs(): number | undefined {
    return this.count === 0 ? undefined : this.#times[this.#written <= this.capacity ? 0 : this.#written % this.capacity];
  }

  /** Whether older rows were overwritten. */
  get hasForgotten(): boolean {
    return this.#written > this.capacity;
  }

  write(traceId: string, spanId: string, runId: string, event: number, detail: number, atMs: number): void {
    const words = this.#words;
    const index = this.#written % this.capacity;
    const row = index * wordsPerRow;
    this.#written += 1;
    // Spans come trace by trace: the row before often has the four words already.
    if (index > 0 && traceId === this.#lastTrace)
      for (let word = row; word < row + 4; word += 1) words[word] = words[word - wordsPerRow] as number;
    else writeHex(words, row + at.trace, 4, traceId);
    this.#lastTrace = traceId;
    writeHex(words, row + at.span, 2, spanId);
    writeUuid(words, row + at.run, runId);
    words[row + at.event] = event;
    words[row + at.detail] = detail;
    this.#times[index] = atMs;
  }

  /** Rows of these traces and of these runs, oldest first. A run whose id is made of its span's has that span's rows, too. */
  find(traceIds: ReadonlySet<string>, runIds: ReadonlySet<string>): Row[] {
    const wanted = new Set<number>();
    for (const traceId of traceIds) wanted.add(wordAt(traceId, 24));
    const wantedRuns = new Set([...runIds].map((runId) => wordAt(runId, 28)));
    const found: Row[] = [];
    for (let count = this.count, index = this.#written - count; count > 0; count -= 1, index += 1) {
      const row = (index % this.capacity) * wordsPerRow;
      const words = this.#words;
      const hit =
        wanted.has(words[row + 3] as number) ||
        wantedRuns.has(words[row + at.run + 3] as number) ||
        wantedRuns.has(words[row + at.span + 1] as number);
      if (!hit) continue;
      const read = this.#read(index % this.capacity);
      if (traceIds.has(read.traceId) || runIds.has(read.runId) || (read.spanId !== '' && runIds.has(runIdOfSpan(read.spanId))))
        found.push(read);
    }
    return found;
  }

  #read(index: number): Row {
    const words = this.#words.subarray(index * wordsPerRow, (index + 1) * wordsPerRow);
    const run = hexOf(words, at.run, 4);
    return {
      traceId: hexOf(words, at.trace, 4),
      spanId: hexOf(words, at.span, 2),
      runId: run === '' ? '' : run.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      event: words[at.event] as number,
      detail: words[at.detail] as number,
      atMs: this.#times[index] as number,
    };
  }
}

/** Eight hex digits; what is none counts as 0. */
function wordAt(text: string, from: number): number {
  let word = 0;
  for (let index = from; index < from + 8; index += 1) word = (word << 4) | (nibbles[text.charCodeAt(index)] as number);
  return word >>> 0;
}

function writeHex(words: Uint32Array, to: number, count: number, text: string): void {
  if (text.length < count * 8) words.fill(0, to, to + count);
  else for (let word = 0; word < count; word += 1) words[to + word] = wordAt(text, word * 8);
}

const uuidLength = 36;
const scratch = asBytes(Buffer.alloc(uuidLength));

/** Through bytes: a run's id is often a text of pieces, whose characters are slow to read one by one. */
function writeUuid(words: Uint32Array, to: number, uuid: string): void {
  if (uuid.length < uuidLength || scratch.latin1Write(uuid) < uuidLength) {
    words.fill(0, to, to + 4);
    return;
  }
  words[to] = (halfAt(0) << 16) | halfAt(4);
  words[to + 1] = (halfAt(9) << 16) | halfAt(14);
  words[to + 2] = (halfAt(19) << 16) | halfAt(24);
  words[to + 3] = (halfAt(28) << 16) | halfAt(32);
}

function halfAt(from: number): number {
  let half = 0;
  for (let index = from; index < from + 4; index += 1) half = (half << 4) | (nibbles[scratch[index] as number] as number);
  return half;
}

function hexOf(words: Uint32Array, from: number, count: number): string {
  let text = '';
  for (let word = from; word < from + count; word += 1) text += (words[word] as number).toString(16).padStart(8, '0');
  return /^0+$/.test(text) ? '' : text;
}
