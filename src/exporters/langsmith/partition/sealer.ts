import type { Partition } from '../../../journal/journal.ts';
import { type Bytes, bytes, noBytes } from '../../../model/bytes.ts';
import type { Node } from '../assemble/trace.ts';
import {
  closingOf,
  type DeadLetter,
  type DestinationRef,
  deadLetterKey,
  decodeDeadLetter,
  encodeDeadLetter,
  encodeSealedBatch,
  type SealedBatch,
  type SealedItem,
  type Settlement,
} from '../sealed-batch.ts';
import { Composer } from './compose.ts';
import { decodeParked } from './entry-codec.ts';
import { dueKey, dueTime, type HeldDraft, type PlacedRun, parkKey, type Trace } from './held-draft.ts';
import { encodeChunk } from './index-codec.ts';
import type { Intake, Undeliverable } from './intake.ts';
import type { Tally } from './ledger.ts';
import type { OpenBatch } from './open-batches.ts';
import type { PartitionDeps, PartitionOptions } from './options.ts';

/** A multipart body before it is compressed. */
interface Body {
  readonly destination: DestinationRef;
  readonly boundary: string;
  readonly id: string;
  readonly body: Bytes;
  readonly items: readonly SealedItem[];
}

/** Turns open batches into sealed ones, and what cannot be delivered into dead letters: everything goes into the intake's step. */
export class Sealer {
  readonly #partition: Partition;
  readonly #intake: Intake;
  readonly #settlement: Settlement;
  readonly #options: PartitionOptions;
  readonly #deps: PartitionDeps;
  readonly #tally: Tally;
  readonly #nonce: string;
  #sequence = 0;
  #lastMs = 0;

  constructor(
    partition: Partition,
    intake: Intake,
    settlement: Settlement,
    options: PartitionOptions,
    deps: PartitionDeps,
    tally: Tally,
    nonce: string,
  ) {
    this.#partition = partition;
    this.#intake = intake;
    this.#settlement = settlement;
    this.#options = options;
    this.#deps = deps;
    this.#tally = tally;
    this.#nonce = nonce;
  }

  async seal(batch: OpenBatch): Promise<void> {
    const id = this.#nextId();
    const boundary = `spanway-${id}`;
    const composer = new Composer(boundary, batch.bytesMax);
    const sealed: PlacedRun[] = [];
    for (const run of batch.runs) {
      const record = run.draft?.record ?? (await this.#parkedRecord(run.draft));
      if (run.draft && !record) this.#damaged(run, run.draft);
      else {
        composer.add(run, record);
        sealed.push(run);
      }
    }
    if (sealed.length === 0) return;
    const destination = JSON.parse(batch.destination) as DestinationRef;
    const whole = await this.#put({ destination, boundary, id, body: composer.finish(), items: composer.items });
    this.#index(id, sealed, whole.sealedAtMs);
    for (const { draft } of sealed) if (draft) this.#leave(draft, 'sealed');
    this.#intake.step.afterwards(() => {
      for (const { trace, node } of sealed) {
        node.sealed = true;
        trace.unsaved -= 1;
      }
    });
  }

  async bury(undeliverable: Undeliverable): Promise<void> {
    const { trace, node, draft, reason } = undeliverable;
    const record = draft.record ?? (await this.#parkedRecord(draft));
    if (!record) return this.#damaged(undeliverable, draft);
    const key = deadLetterKey(draft.appendedAtMs, `${node.runId}-${draft.hash.toString(16)}`);
    const composer = new Composer(`spanway-${key}`, draft.bytes + 8_192);
    composer.add(undeliverable, record);
    this.#letter({ ...this.#blankLetter(draft), key, reason, boundary: `spanway-${key}`, parts: composer.segments(), ...idsOf(node) });
    this.#leaveDead(trace, draft, reason);
  }

  /** An entry that cannot be read: its items are counted, and its bytes kept as far as there are any. */
  buryEntry(entryId: string, items: number, appendedAtMs: number, payload: Bytes | undefined): void {
    const key = deadLetterKey(appendedAtMs, `entry-${entryId}`);
    this.#letter({ ...noLetter, key, at: this.#deps.clock.now(), items, parts: payload ?? noBytes });
    this.#counted('corrupt', 'memory', items);
  }

  /** A parked draft whose value is damaged: the store has counted and deleted it. */
  buryParked(parkedKey: string): void {
    const at = this.#deps.clock.now();
    this.#letter({ ...noLetter, key: deadLetterKey(at, `parked-${parkedKey.replace('/', '-')}`), at, items: 1 });
    this.#counted('corrupt', 'parked', 1);
  }

  /** A dead letter becomes a sealed batch of its own. */
  async revive(key: string): Promise<void> {
    const record = await this.#partition.get('dead', key);
    const letter = record && decodeDeadLetter(record);
    if (!letter || letter.runId === '') return;
    const { destination, boundary, parts, runId, traceId, items } = letter;
    const item: SealedItem = { runId, traceId, start: 0, end: parts.length, operations: 1 };
    const body = bytes.concat([parts, bytes.from(closingOf(boundary))]);
    await this.#put({ destination, boundary, id: this.#nextId(), body, items: [items > 0 ? item : { ...item, synthetic: true }] });
    this.#intake.step.delete('dead', key);
    this.#intake.step.afterwards(() => this.#deps.ledger.revived(this.#tally, items));
  }

  async #put({ destination, boundary, id, body, items }: Body): Promise<SealedBatch> {
    const { encoding } = this.#deps.lanes.limits(destination);
    const compressed = await this.#deps.compressor.compress(body, encoding);
    const batch: SealedBatch = {
      id,
      partition: this.#partition.id,
      destination,
      boundary,
      encoding,
      body: compressed,
      compressedBytes: compressed.length,
      uncompressedBytes: body.length,
      items,
      operations: items.reduce((sum, { operations }) => sum + operations, 0),
      sealedAtMs: this.#deps.clock.now(),
    };
    const { step } = this.#intake;
    step.put('batch', id, encodeSealedBatch(batch));
    step.afterwards(() => this.#deps.lanes.offer(batch, this.#settlement));
    return batch;
  }

  /** Ordered by time even if the clock goes back, and unique among all owners of the partition. */
  #nextId(): string {
    this.#lastMs = Math.max(this.#lastMs, this.#deps.clock.now());
    this.#sequence += 1;
    return `${dueTime(this.#lastMs)}-${`${this.#sequence}`.padStart(6, '0')}-${this.#nonce}`;
  }

  #index(batchId: string, runs: readonly PlacedRun[], sealedAtMs: number): void {
    const chunks = new Map<Trace, Node[]>();
    for (const { trace, node } of runs) {
      const nodes = chunks.get(trace);
      if (nodes) nodes.push(node);
      else chunks.set(trace, [node]);
    }
    for (const [trace, nodes] of chunks) this.#intake.step.put('index', `${trace.key}/${batchId}`, encodeChunk(nodes, sealedAtMs));
  }

  async #parkedRecord(draft: HeldDraft | undefined): Promise<Bytes | undefined> {
    const value = draft && (await this.#partition.get('park', parkKey(draft)));
    return value && decodeParked(value).draft.record;
  }

  /** The draft's place in the inbox or in `park` is given up with this step. */
  #leave(draft: HeldDraft, to: 'sealed'): void {
    const from = this.#intake.placeOf(draft);
    this.#forgetKeys(draft);
    this.#intake.release(draft);
    this.#intake.step.afterwards(() => this.#deps.ledger.moved(this.#tally, from, to, 1));
  }

  #leaveDead(trace: Trace, draft: HeldDraft, reason: string): void {
    const from = this.#intake.placeOf(draft);
    this.#forgetKeys(draft);
    this.#intake.release(draft);
    this.#intake.step.afterwards(() => {
      trace.unsaved -= 1;
    });
    this.#counted(reason, from, 1);
  }

  #forgetKeys(draft: HeldDraft): void {
    if (draft.parkedUntilMs === 0) return;
    this.#intake.step.delete('park', parkKey(draft));
    this.#intake.step.delete('due', dueKey(draft.parkedUntilMs, draft));
  }

  #damaged({ trace, node }: PlacedRun, draft: HeldDraft): void {
    const key = deadLetterKey(draft.appendedAtMs, `${node.runId}-${draft.hash.toString(16)}`);
    this.#letter({ ...this.#blankLetter(draft), key });
    this.#leaveDead(trace, draft, 'corrupt');
  }

  #blankLetter(draft: HeldDraft): DeadLetter {
    const destination = JSON.parse(draft.destination) as DestinationRef;
    return { ...noLetter, destination, at: this.#deps.clock.now(), items: 1 };
  }

  #letter(letter: DeadLetter): void {
    this.#intake.step.put('dead', letter.key, encodeDeadLetter(letter));
  }

  #counted(reason: string, from: 'memory' | 'parked', items: number): void {
    this.#intake.step.afterwards(() => {
      this.#deps.ledger.deadLettered(this.#tally, from, items);
      this.#deps.observer.deadLettered(this.#options.exporter, reason, items);
    });
  }
}

const noLetter: DeadLetter = {
  key: '',
  reason: 'corrupt',
  status: 0,
  serverText: '',
  runId: '',
  traceId: '',
  at: 0,
  destination: { endpoint: '', workspaceId: '', key: 'static' },
  items: 0,
  boundary: '',
  parts: noBytes,
};

function idsOf(node: Node): { readonly runId: string; readonly traceId: string } {
  return { runId: node.runId, traceId: node.tree.traceRunId };
}
