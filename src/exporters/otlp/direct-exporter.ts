import { unjournaled } from '../../journal/unjournaled.ts';
import type { Batch } from '../../model/batch.ts';
import type { Deps, Exporter } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Finding } from '../../model/finding.ts';
import type { Receipt } from '../../model/receipt.ts';
import type { CallerHeaders } from '../sealing/caller-headers.ts';
import { examineBackend } from './examine.ts';
import { requestsOf } from './requests.ts';
import { type Answer, checkSignal, type Sender } from './sender.ts';

/** Without a queue: sends once while the sender of the data waits, who then hears the backend's answer and decides about trying again. */
export class DirectExporter implements Exporter {
  readonly #deps: Deps;
  readonly #sender: Sender;
  readonly #requestBytesMax: number;
  readonly #callerHeaders: CallerHeaders | undefined;
  readonly #stop = new AbortController();

  constructor(deps: Deps, sender: Sender, requestBytesMax: number, callerHeaders: CallerHeaders | undefined) {
    this.#deps = deps;
    this.#callerHeaders = callerHeaders;
    this.#sender = sender;
    this.#requestBytesMax = requestBytesMax;
  }

  async start(): Promise<void> {
    this.#callerHeaders?.open();
  }

  readonly consume = async (batch: Batch): Promise<Receipt> => {
    const { id, observer } = this.#deps;
    checkSignal(id, this.#sender, batch.signal);
    let items = 0;
    for (const request of requestsOf(batch, this.#requestBytesMax, this.#callerHeaders?.of(batch.caller).sealed ?? '')) {
      const startedAt = performance.now();
      observer.sending(id, 1);
      const answer = await this.#sender.send(request, this.#stop.signal);
      observer.sending(id, -1);
      observer.uploaded(id, answer.status, request.items, request.body.length, request.body.length, performance.now() - startedAt);
      if (answer.kind !== 'delivered') {
        observer.sendFailed(id, request.items, answer.status, request.signal);
        throw faultOf(id, answer);
      }
      observer.delivered(id, request.items - answer.rejected, request.signal);
      items += request.items;
    }
    return unjournaled(items);
  };

  examine(stop: AbortSignal): Promise<readonly Finding[]> {
    return examineBackend(this.#sender, stop);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#sender.close();
  }
}

function faultOf(id: string, answer: Exclude<Answer, { kind: 'delivered' }>): Fault {
  if (answer.kind === 'retry' || answer.kind === 'refused')
    return new Fault(
      'GW_EXPORT_UNAVAILABLE',
      `cannot export to "${id}": the backend does not take the data now (status ${answer.status})`,
      {
        retryAfterMs: (answer.kind === 'retry' ? answer.retryAfterMs : undefined) ?? 5_000,
      },
    );
  return new Fault('GW_EXPORT_REJECTED', `cannot export to "${id}": the backend rejects the data (status ${answer.status})`);
}
