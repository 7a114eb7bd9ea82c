import type { Partition } from '../../../journal/journal.ts';
import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { FilteredSpan } from '../../../model/draft.ts';
import { free } from '../../../model/free.ts';
import type { Encoding } from '../../compressor/compressor.ts';
import { decodeDeadLetter } from '../../dead-letters/dead-letter.ts';
import type { Node } from '../assemble/trace.ts';
import {
  type BatchContent,
  closingOf,
  countsOf,
  type DestinationRef,
  type SealedItem,
  tenantOf,
  type WholeBatch,
} from '../sealed-batch.ts';
import { BodyRooms } from './body-rooms.ts';
import { Composer, receivedAsPost } from './compose.ts';
import { dueTime, type HeldDraft, logRecordsOf, type PlacedRun, type Trace } from './held-draft.ts';
import { HeldRecords } from './held-records.ts';
import { encodeChunks, encodeFiltered } from './index-codec.ts';
import type { Intake } from './intake.ts';
import type { Tally } from './ledger.ts';
import type { Letters } from './letters.ts';
import type { OpenBatch } from './open-batches.ts';
import type { PartitionDeps } from './options.ts';
import { putsOf } from './settlement.ts';

/** Where the name of a body's first part stands, at most. */
const firstPartBytes = 512;

/** Batches up to this size take less than a millisecond. */
const smallBytesMax = 64 << 10;

const noLogs: readonly Bytes[] = [];

/** Of all partitions, since nearly all of the time none of them seals. */
const rooms = new BodyRooms(8 << 20);

/** A multipart body before it is compressed. */
interface Composed {
  readonly id: string;
  readonly destination: DestinationRef;
  readonly boundary: string;
  readonly body: Bytes;
  readonly items: readonly SealedItem[];
}

interface Made {
  readonly whole: WholeBatch;
  readonly runs: readonly PlacedRun[];
}

/** Turns open batches, and dead letters that are replayed, into sealed ones. Everything goes into the intake's step. */
export class Sealer {
  readonly #partition: Partition;
  readonly #intake: Intake;
  readonly #letters: Letters;
  readonly #deps: PartitionDeps;
  readonly #tally: Tally;
  readonly #nonce: string;
  readonly #sealed: (batch: WholeBatch) => void;
  #sequence = 0;
  #lastMs = 0;

  /** `sealed` is told of each batch, in the order of their ids, once it stands in the journal. */
  constructor(
    partition: Partition,
    intake: Intake,
    letters: Letters,
    deps: PartitionDeps,
    tally: Tally,
    nonce: string,
    sealed: (batch: WholeBatch) => void,
  ) {
    this.#partition = partition;
    this.#intake = intake;
    this.#letters = letters;
    this.#deps = deps;
    this.#tally = tally;
    this.#nonce = nonce;
    this.#sealed = sealed;
  }

  /** Ids made from now on come behind this one. */
  goOnBehind(id: string): void {
    this.#lastMs = Math.max(this.#lastMs, Number(id.split('-', 2)[1]) + 1);
  }

  /** Compressing is done for all of them at the same time; what they put into the step is in their order. */
  async seal(batches: readonly OpenBatch[]): Promise<void> {
    for (const made of await Promise.all(batches.map((batch) => this.#make(batch)))) {
      if (made === undefined) continue;
      const { whole, runs } = made;
      this.#put(whole);
      this.#index(whole.batch.id, runs, whole.batch.sealedAtMs);
      this.#leave(runs);
    }
  }

  /** A dead letter becomes a sealed batch of its own; one that holds no run stays what it is. */
  async revive(key: string): Promise<void> {
    const record = await this.#partition.get('dead', key);
    const letter = record && decodeDeadLetter(record);
    if (letter?.holds !== 'run') return;
    const { destination, boundary, parts, runId, traceId, items } = letter;
    const item: SealedItem = { runId, traceId, start: 0, end: parts.length, operations: 1, ...receivedAs(items, parts) };
    const body = bytes.concat([parts, bytes.from(closingOf(boundary))]);
    const id = this.#nextId(destination);
    this.#put(await this.#compress({ id, destination, boundary, body, items: [item] }));
    this.#intake.step.delete('dead', key);
    this.#intake.step.afterwards(() => this.#deps.ledger.revived(this.#tally, items));
  }

  /** What was left out of a trace goes into its index, so that every owner knows. The chunk is in order of time among the others. */
  indexFiltered(traceKey: string, spans: readonly FilteredSpan[]): void {
    const id = this.#nextIdOf(traceKey.slice(0, traceKey.indexOf(':')));
    this.#intake.step.put('index', `${traceKey}/${id}`, encodeFiltered(spans, this.#deps.clock.now(), this.#partition.format));
  }

  /** `undefined` if nothing is left of the batch. */
  async #make(batch: OpenBatch): Promise<Made | undefined> {
    const destination = JSON.parse(batch.destination) as DestinationRef;
    const id = this.#nextId(destination);
    const boundary = `spanway-${id}`;
    const room = await rooms.take(batch.bytesMax);
    const records = new HeldRecords(this.#partition);
    try {
      if (batch.bytesMax > smallBytesMax) await this.#deps.turns.next();
      const { body, items, runs } = await this.#compose(batch, records, new Composer(boundary, room, this.#deps.joinLogs));
      records.close();
      return runs.length === 0 ? undefined : { whole: await this.#compress({ id, destination, boundary, body, items }), runs };
    } finally {
      rooms.give(room);
    }
  }

  async #compose(
    batch: OpenBatch,
    records: HeldRecords,
    composer: Composer,
  ): Promise<Pick<Composed, 'body' | 'items'> & Pick<Made, 'runs'>> {
    const runs: PlacedRun[] = [];
    for (const run of batch.runs) {
      const record = run.draft && (records.at(run.draft) ?? (await records.of(run.draft)));
      const logs = run.logs.length === 0 ? noLogs : await logRecordsOf(run.logs, records);
      if (run.draft && !record) this.#letters.damagedDraft(run, run.draft);
      else if (composer.add(run, record, logs)) runs.push(run);
      else this.#leaveOut(run);
      records.trim();
    }
    return { body: composer.finish(), items: composer.items, runs };
  }

  /** Log records that change nothing which can still be changed. */
  #leaveOut({ trace, logs }: PlacedRun): void {
    for (const log of logs) this.#intake.leaveOut(log);
    this.#intake.step.afterwards(() => {
      trace.unsaved -= 1;
    });
  }

  async #compress({ id, destination, boundary, body, items }: Composed): Promise<WholeBatch> {
    const { encoding, body: compressed } = await this.#smaller(body, this.#deps.lanes.limits(destination).encoding);
    const content: BatchContent = { items, body: compressed };
    const facts = { id, partition: this.#partition.id, destination, boundary, encoding };
    const sizes = { compressedBytes: compressed.length, uncompressedBytes: body.length };
    return { batch: { ...facts, ...sizes, ...countsOf(items), sealedAtMs: this.#deps.clock.now() }, content };
  }

  /** A compressor that fails must not hold up what it cannot compress. */
  async #smaller(body: Bytes, encoding: Encoding): Promise<{ readonly encoding: Encoding; readonly body: Bytes }> {
    try {
      const compressed = await this.#deps.compressor.compress(body, encoding);
      if (compressed !== body) return { encoding, body: compressed };
    } catch {
      // Falls through.
    }
    return { encoding: 'identity', body: bytes.concat([body]) };
  }

  #put(whole: WholeBatch): void {
    const { step } = this.#intake;
    for (const { space, key, value } of putsOf(whole)) {
      step.put(space, key, value);
      step.afterwards(() => free(value));
    }
    step.afterwards(() => this.#sealed(whole));
  }

  #leave(runs: readonly PlacedRun[]): void {
    const { step } = this.#intake;
    const { ledger } = this.#deps;
    let memory = 0;
    let parked = 0;
    const leave = (draft: HeldDraft): void => {
      if (this.#intake.leave(draft) === 'memory') memory += 1;
      else parked += 1;
    };
    for (const { draft, logs } of runs) {
      if (draft) leave(draft);
      for (const log of logs) leave(log);
    }
    step.afterwards(() => {
      ledger.moved(this.#tally, 'memory', 'sealed', memory);
      ledger.moved(this.#tally, 'parked', 'sealed', parked);
      for (const { trace, node } of runs) {
        node.sealed = true;
        trace.unsaved -= 1;
      }
    });
  }

  /** In order of time for each destination even if the clock goes back, and unique among all owners of the partition. */
  #nextId(destination: DestinationRef): string {
    return this.#nextIdOf(tenantOf(destination));
  }

  #nextIdOf(tenant: string): string {
    this.#lastMs = Math.max(this.#lastMs, this.#deps.clock.now());
    this.#sequence += 1;
    return `${tenant}-${dueTime(this.#lastMs)}-${`${this.#sequence}`.padStart(9, '0')}-${this.#nonce}`;
  }

  #index(batchId: string, runs: readonly PlacedRun[], sealedAtMs: number): void {
    const chunks = new Map<Trace, Node[]>();
    for (const { trace, node } of runs) {
      const nodes = chunks.get(trace);
      if (nodes) nodes.push(node);
      else chunks.set(trace, [node]);
    }
    const encoded = encodeChunks([...chunks.values()], sealedAtMs, this.#partition.format);
    let at = 0;
    for (const { key } of chunks.keys()) this.#intake.step.put('index', `${key}/${batchId}`, encoded[at++] as Bytes);
  }
}

/** How many spans and log records a letter stands for tells a run from what assembly made, but a change from a run only its first part does. */
function receivedAs(items: number, parts: Bytes): Pick<SealedItem, 'synthetic' | 'logs'> {
  const update = parts.latin1Slice(0, firstPartBytes).includes('name="patch.');
  if (update) return { synthetic: true, logs: items };
  return receivedAsPost(items);
}
