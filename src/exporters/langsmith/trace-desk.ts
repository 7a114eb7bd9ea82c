/**
 * Where the spans of one trace stand in the journal now, for an operator, from any process: reading needs no ownership.
 *
 *   park    it waits, and for whom            index + batch   it is sealed, and its batch waits to be sent
 *   dead    it could not be delivered         index alone     its batch left the journal (told for the late window)
 *
 * What stands in an inbox only, for some moments, is not seen.
 */
import type { Journal, Pair, Space } from '../../journal/journal.ts';
import type { Bytes } from '../../model/bytes.ts';
import { isLogRecord } from '../../model/draft.ts';
import type { Sighting } from '../../model/trail.ts';
import { decodeDeadLetter } from '../dead-letters/dead-letter.ts';
import type { Awaited } from './assemble/trace.ts';
import { decodeParked } from './partition/entry-codec.ts';
import { chunkTime, readableNodes } from './partition/index-codec.ts';
import { decodeContent } from './partition/records.ts';

const page = 256;
/** A letter may hold megabytes. */
const lettersPage = 16;
/** Behind every key: keys begin with digits. */
const end = '~';
/** So much is looked at in one space of one partition, at most. */
const pairsMax = 50_000;
const tenantsMax = 10_000;
const lettersMax = 2_000;
const partsMax = 256;

const nothing = { parentSpanId: '', parentRunId: '', project: '', text: '' } as const;

export class TraceDesk {
  readonly #journal: Journal;
  readonly #exporter: string;

  constructor(journal: Journal, exporter: string) {
    this.#journal = journal;
    this.#exporter = exporter;
  }

  /** All spans of the trace that the journal knows of, and dead letters of these runs. `traceId`: 32 hex digits. */
  async sightings(traceId: string, runIds: ReadonlySet<string>): Promise<Sighting[]> {
    const found: Sighting[] = [];
    const runs = new Set(runIds);
    for (let partition = 0; partition < this.#journal.partitions; partition += 1) {
      for await (const { value } of this.#ofTrace(partition, 'park', traceId)) found.push(...this.#waiting(traceId, value));
      for await (const { key, value } of this.#ofTrace(partition, 'index', traceId))
        found.push(...(await this.#sealed(traceId, partition, key.slice(key.lastIndexOf('/') + 1), value)));
    }
    for (const { runId } of found) if (runId !== '') runs.add(runId);
    for await (const letter of this.#letters(traceId, runs)) found.push(letter);
    return found;
  }

  /** Traces in which the journal knows a run of this id, or whose root it is. */
  async tracesOf(runId: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let partition = 0; partition < this.#journal.partitions; partition += 1) {
      for await (const { key, value } of this.#pairs(partition, 'index', '', end, page, pairsMax))
        if (readableNodes(value).some((node) => node.runId === runId || node.traceRunId === runId)) found.add(traceIdIn(key));
      for await (const { key, value } of this.#pairs(partition, 'park', '', end, page, pairsMax))
        if (parkedIn(value)?.draft.skeleton.runId === runId) found.add(traceIdIn(key));
    }
    return found;
  }

  #waiting(traceId: string, value: Bytes): Sighting[] {
    const parked = parkedIn(value);
    if (!parked) return [];
    const { awaits, deadlineMs, appendedAtMs: atMs, draft } = parked;
    const { skeleton } = draft;
    const { runId, parentSpanId, parentRunId, project } = skeleton;
    const until = `until ${new Date(deadlineMs).toISOString()}`;
    const common = { ...nothing, event: 'waiting', atMs, component: this.#exporter, traceId, runId, project } as const;
    if (isLogRecord(skeleton)) return [{ ...common, spanId: parentSpanId, text: `a log record waits for this span, ${until}` }];
    const parent = parentRunId === '' ? `span ${parentSpanId}` : `run ${parentRunId}`;
    return [{ ...common, spanId: skeleton.spanId, parentSpanId, parentRunId, text: `for ${awaitedText(awaits, parent)}, ${until}` }];
  }

  async #sealed(traceId: string, partition: number, batchId: string, chunk: Bytes): Promise<Sighting[]> {
    const pending = await this.#pending(partition, batchId);
    const atMs = chunkTime(chunk);
    return readableNodes(chunk).map(({ spanId, runId, parentRunId, project }) => {
      const waits = pending === 'all' || pending.has(runId);
      const event = waits ? 'in_batch' : 'sealed';
      const text = waits ? `in batch ${batchId}, sealed and not delivered yet` : `in batch ${batchId}, which has left the journal since`;
      return { ...nothing, event, atMs, component: this.#exporter, traceId, spanId, runId, parentRunId, project, text };
    });
  }

  /** Runs of a batch that still stand in the journal: a batch that was taken apart lives on in parts, whose ids begin with its own. */
  async #pending(partition: number, batchId: string): Promise<'all' | ReadonlySet<string>> {
    const runs = new Set<string>();
    const parts = await this.#journal.peek(partition, 'batch', batchId, `${batchId}${end}`, partsMax);
    for (const { key } of parts) {
      if (key === batchId) return 'all';
      const [body] = await this.#journal.peek(partition, 'body', key, `${key}\0`, 1);
      for (const { runId } of body ? decodeContent(body.value).items : []) runs.add(runId);
    }
    return runs;
  }

  async *#letters(traceId: string, runIds: ReadonlySet<string>): AsyncGenerator<Sighting> {
    for (let partition = 0; partition < this.#journal.partitions; partition += 1)
      for await (const { key, value } of this.#pairs(partition, 'dead', '', end, lettersPage, lettersMax)) {
        const letter = letterIn(value);
        // A run tells the trace that it came from in its metadata.
        if (!letter || !(runIds.has(letter.runId) || (letter.holds === 'run' && holds(letter.parts, traceId)))) continue;
        const status = letter.status === 0 ? '' : `, status ${letter.status}`;
        const text = `${letter.reason}${status}; spanway dead-letters show ${key}`;
        const ids = { traceId, spanId: '', runId: letter.runId };
        yield { ...nothing, ...ids, event: 'dead_letter', atMs: letter.at, component: this.#exporter, text };
      }
  }

  /** Keys are `<tenant>:<trace id>/…`. Tenants are few, so the next one is jumped to. */
  async *#ofTrace(partition: number, space: Space, traceId: string): AsyncGenerator<Pair> {
    let from = '';
    for (let tenants = 0; tenants < tenantsMax; tenants += 1) {
      const [first] = await this.#journal.peek(partition, space, from, end, 1);
      if (!first) return;
      const tenant = first.key.slice(0, first.key.indexOf(':'));
      const prefix = `${tenant}:${traceId}/`;
      yield* this.#pairs(partition, space, prefix, `${prefix}${end}`, page, pairsMax);
      from = `${tenant}:${end}`;
    }
  }

  async *#pairs(partition: number, space: Space, first: string, to: string, pageSize: number, most: number): AsyncGenerator<Pair> {
    let from = first;
    for (let seen = 0; seen < most; seen += pageSize) {
      const pairs = await this.#journal.peek(partition, space, from, to, pageSize);
      yield* pairs;
      if (pairs.length < pageSize) return;
      from = `${pairs.at(-1)?.key}\0`;
    }
  }
}

function awaitedText(awaits: Awaited, parent: string): string {
  switch (awaits) {
    case 'parent':
      return `its parent, ${parent}`;
    case 'soft_parent':
      return 'a parent that may not exist';
    case 'logs':
    case 'update':
      return 'its log records';
    case 'span':
      return 'its span';
  }
}

function parkedIn(value: Bytes): ReturnType<typeof decodeParked> | undefined {
  try {
    return decodeParked(value);
  } catch {
    return undefined;
  }
}

function letterIn(record: Bytes): ReturnType<typeof decodeDeadLetter> | undefined {
  try {
    return decodeDeadLetter(record);
  } catch {
    return undefined;
  }
}

function holds(parts: Bytes, text: string): boolean {
  return Buffer.from(parts.buffer, parts.byteOffset, parts.length).includes(text);
}

function traceIdIn(key: string): string {
  return key.slice(key.indexOf(':') + 1, key.indexOf('/'));
}
