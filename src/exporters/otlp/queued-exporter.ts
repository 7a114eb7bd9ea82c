import { randomBytes } from 'node:crypto';
import type { Journal, NewEntry, Storage } from '../../journal/journal.ts';
import { type Batch, itemCount } from '../../model/batch.ts';
import type { Deps, Exporter } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Finding } from '../../model/finding.ts';
import type { Receipt } from '../../model/receipt.ts';
import type { CallerHeaders } from '../sealing/caller-headers.ts';
import { Delivery } from './delivery.ts';
import { encodeEntry, receiverBytes } from './entry.ts';
import { examineBackend } from './examine.ts';
import { Lane } from './lane.ts';
import { type Balance, Ledger } from './ledger.ts';
import { Letters } from './letters.ts';
import { PartitionSender, type PartitionSenderDeps } from './partition-sender.ts';
import { durabilityOf, type QueueLimits, queueLimits, retryConfig } from './queue-limits.ts';
import { requestsOf } from './requests.ts';
import { checkSignal, type Sender } from './sender.ts';
import type { QueueSettings } from './settings.ts';

const heldBytes = 64 << 20;
const partitionHeldBytesMin = 1 << 20;

/** With a queue: data is acknowledged when the journal holds it, and sent by the owner of its partition. */
export class QueuedExporter implements Exporter {
  readonly #settings: QueueSettings;
  readonly #deps: Deps;
  readonly #sender: Sender;
  readonly #storage: Storage;
  readonly #callerHeaders: CallerHeaders | undefined;
  readonly #limits: QueueLimits;
  readonly #receiver = randomBytes(receiverBytes).toString('hex');
  readonly #ledger = new Ledger();
  readonly #stop = new AbortController();
  readonly #partitions = new Map<number, PartitionSender>();
  #journal: Journal | undefined;
  #lane: Lane | undefined;
  #turn = 0;

  constructor(settings: QueueSettings, deps: Deps, sender: Sender, storage: Storage, callerHeaders: CallerHeaders | undefined) {
    this.#settings = settings;
    this.#callerHeaders = callerHeaders;
    this.#deps = deps;
    this.#sender = sender;
    this.#storage = storage;
    this.#limits = queueLimits(settings.sending_queue);
  }

  /** The journal, once started. */
  get journal(): Journal {
    if (!this.#journal)
      throw new Fault('GW_RECEIVE_STOPPING', `cannot use exporter "${this.#deps.id}": it is not started`, { retryAfterMs: 1_000 });
    return this.#journal;
  }

  async examine(stop: AbortSignal): Promise<readonly Finding[]> {
    const durability = durabilityOf(this.#settings.sending_queue);
    const stored = (await this.#storage.examine?.({ durability, bytesMax: this.#limits.bytesMax })) ?? [];
    return [...(await examineBackend(this.#sender, stop)), ...stored];
  }

  async start(): Promise<void> {
    const durability = durabilityOf(this.#settings.sending_queue);
    const journal = await this.#storage.open(this.#deps.id, { durability, bytesMax: this.#limits.bytesMax });
    this.#callerHeaders?.open();
    this.#journal = journal;
    const deps = this.#partitionDeps(journal.partitions);
    await journal.own({
      acquired: (partition) => {
        this.#partitions.set(partition.id, new PartitionSender(partition, deps));
      },
      released: async ({ id }) => {
        await this.#partitions.get(id)?.release();
        this.#partitions.delete(id);
      },
    });
  }

  readonly consume = async (batch: Batch): Promise<Receipt> => {
    const { journal } = this;
    const { id, observer } = this.#deps;
    const items = itemCount(batch);
    try {
      checkSignal(id, this.#sender, batch.signal);
      const entries = this.#entries(batch, journal.partitions);
      this.#checkRoom(journal, entries.length, items);
      const bytes = entries.reduce((size, { payload }) => size + payload.length, 0);
      const startedAt = performance.now();
      const receipt = await journal.append(entries);
      this.#ledger.appended(items, entries.length);
      observer.stored(id, items, bytes, performance.now() - startedAt, batch.signal);
      return receipt;
    } catch (error) {
      const fault = Fault.of(error);
      observer.enqueueFailed(id, items, fault, batch.signal);
      throw fault;
    }
  };

  /** Sends until the deadline what is on the way, and from memory all there is, once each; a durable journal keeps the rest. */
  async stop(deadlineMs: number): Promise<void> {
    const { clock, observer, id } = this.#deps;
    const inMemory = this.#journal?.durability === 'memory';
    this.#lane?.close();
    const cancel = new AbortController();
    const drained = Promise.all([...this.#partitions.values()].map((partition) => partition.drain(inMemory)));
    await Promise.race([drained, clock.sleep(Math.max(0, deadlineMs - clock.now()), cancel.signal)]);
    cancel.abort();
    this.#stop.abort();
    await this.#journal?.close();
    await this.#sender.close();
    const { waiting } = this.balance();
    if (inMemory && waiting > 0)
      observer.log(
        'warn',
        'Data in memory was not sent before the stop; it is lost unless a reload has put another exporter in its place',
        { exporter: id, items: waiting },
      );
  }

  balance(): Balance {
    return this.#ledger.balance();
  }

  /** One request each, on the partitions in turn: whichever traces they hold, order between requests means nothing to OTLP. */
  #entries(batch: Batch, partitions: number): NewEntry[] {
    return requestsOf(batch, this.#settings.max_request_bytes, this.#callerHeaders?.of(batch.caller).sealed ?? '').map((request) => {
      this.#turn = (this.#turn + 1) % partitions;
      return { partition: this.#turn, payload: encodeEntry(request, this.#receiver), items: request.items };
    });
  }

  #checkRoom(journal: Journal, requests: number, items: number): void {
    const { itemsMax, requestsMax } = this.#limits;
    const waiting = journal.stats().inboxItems;
    if (waiting + items <= itemsMax && this.#ledger.requests + requests <= requestsMax) return;
    throw new Fault('GW_JOURNAL_FULL', `cannot take data for "${this.#deps.id}": sending queue is full`, {
      hint: 'deliver or drop what waits, or raise sending_queue::queue_size',
      retryAfterMs: 1_000,
    });
  }

  #partitionDeps(partitions: number): PartitionSenderDeps {
    const { sending_queue: queue, retry_on_failure } = this.#settings;
    const retry = { ...retryConfig(this.#settings), enabled: retry_on_failure.enabled };
    const deps = { ...this.#deps, endpoint: this.#sender.endpoint, random: Math.random };
    const stop = this.#stop.signal;
    const lane = new Lane(queue.num_consumers, retry, deps, stop);
    this.#lane = lane;
    const delivery = new Delivery({ ...deps, sender: this.#sender, lane, retry, stop });
    return {
      ...this.#deps,
      ledger: this.#ledger,
      delivery,
      letters: new Letters(this.#sender.endpoint, this.#deps.clock),
      keepsLetters: this.#journal?.durability !== 'memory',
      receiver: this.#receiver,
      heldBytesMax: Math.max(partitionHeldBytesMin, heldBytes / partitions),
    };
  }
}
