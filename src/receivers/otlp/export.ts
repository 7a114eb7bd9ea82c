/**
 * One export request, whichever protocol brought it: decode, hand on, count. Resolves only with a `Receipt` in hand, so that success cannot be
 * answered without the journal; every other end is a `Fault`.
 */
import type { Caller, Logs, Signal, Traces } from '../../model/batch.ts';
import { type Bytes, bytes } from '../../model/bytes.ts';
import type { Consume } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { free } from '../../model/free.ts';
import type { Observer } from '../../model/observer.ts';
import type { Receipt } from '../../model/receipt.ts';
import {
  countMetrics,
  countMetricsJsonInSteps,
  type Decoded,
  decodeLogsInSteps,
  decodeLogsJsonInSteps,
  decodeTracesInSteps,
  decodeTracesJsonInSteps,
  type Steps,
} from '../../otlp/otlp.ts';
import type { Visitor } from './entrance.ts';
import { LargeRequests } from './large-request.ts';

export type ExportSignal = Signal | 'metrics';
export type Encoding = 'protobuf' | 'json';

/** What the answer says: how many items were individually bad, and why. Without a receipt nothing was there to hold. */
export interface Exported {
  readonly receipt: Receipt | undefined;
  readonly rejected: number;
  readonly message: string;
}

export interface ExportDeps {
  readonly id: string;
  readonly observer: Observer;
  readonly consumeTraces: Consume | undefined;
  readonly consumeLogs: Consume | undefined;
  readonly acceptUnsupported: boolean;
}

const nothing: Exported = { receipt: undefined, rejected: 0, message: '' };

export class Exports {
  readonly #deps: ExportDeps;
  readonly #mentioned = new Set<ExportSignal>();
  readonly #large = new LargeRequests();

  constructor(deps: ExportDeps) {
    this.#deps = deps;
  }

  /** Whether a signal is answered at all; if not, its path or service does not exist here. */
  takes(signal: ExportSignal): boolean {
    return this.#deps.acceptUnsupported || this.#consumer(signal) !== undefined;
  }

  async export(signal: ExportSignal, body: Bytes, encoding: Encoding, { caller, spend }: Visitor): Promise<Exported> {
    const { id, observer } = this.#deps;
    const startedAt = performance.now();
    let items = 0;
    try {
      if (signal === 'metrics') {
        const points =
          encoding === 'json' ? await this.#large.decode(body.length, (step) => countMetricsJsonInSteps(body, step)) : countMetrics(body);
        observer.received(id, caller.transport, signal, points);
        return this.#drop(signal, points);
      }
      const decoded = await this.#large.decode(body.length, (step) => decode(signal, body, encoding, caller, step));
      // From here on only what was made of it is read.
      if (encoding === 'json') free(body);
      items = decoded.items - decoded.rejected;
      observer.received(id, caller.transport, signal, decoded.items);
      spend('items', decoded.items);
      if (decoded.rejected > 0) observer.rejected(id, caller.transport, signal, decoded.rejected);
      const consume = this.#consumer(signal);
      if (!consume) return this.#drop(signal, items);
      if (items === 0) return { receipt: undefined, rejected: decoded.rejected, message: decoded.message };
      const receipt = await this.#large.consume(decoded.batch, items, decoded.source.length, consume);
      observer.accepted(id, caller.transport, signal, items, performance.now() - startedAt);
      if (encoding === 'json') free(bytes.from(decoded.source.buffer));
      return { receipt, rejected: decoded.rejected, message: decoded.message };
    } catch (error) {
      const fault = Fault.of(error);
      observer.refused(id, caller.transport, signal, items, fault);
      throw fault;
    }
  }

  #consumer(signal: ExportSignal): Consume | undefined {
    if (signal === 'metrics') return undefined;
    return signal === 'traces' ? this.#deps.consumeTraces : this.#deps.consumeLogs;
  }

  #drop(signal: ExportSignal, items: number): Exported {
    const { id, observer } = this.#deps;
    observer.unsupported(signal, items);
    if (!this.#mentioned.has(signal)) {
      this.#mentioned.add(signal);
      observer.log('info', 'a signal that no pipeline takes is answered with success and dropped', { receiver: id, signal });
    }
    return nothing;
  }
}

function decode(
  signal: Signal,
  body: Bytes,
  encoding: Encoding,
  caller: Caller,
  stepBytes: number,
): Steps<Decoded<Traces> | Decoded<Logs>> {
  if (signal === 'traces')
    return encoding === 'json' ? decodeTracesJsonInSteps(body, caller, stepBytes) : decodeTracesInSteps(body, caller, stepBytes);
  return encoding === 'json' ? decodeLogsJsonInSteps(body, caller, stepBytes) : decodeLogsInSteps(body, caller, stepBytes);
}
