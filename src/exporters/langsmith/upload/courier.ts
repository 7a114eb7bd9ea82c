import type { Bytes } from '../../../model/bytes.ts';
import type { Clock } from '../../../model/clock.ts';
import type { Destination, Outcome } from '../../../model/destination.ts';
import type { Observer } from '../../../model/observer.ts';
import type { Codec } from '../../compressor/compressor.ts';
import type { BatchContent, SealedBatch, SealedItem } from '../sealed-batch.ts';
import { batchJsonOf } from './batch-json.ts';
import type { Message } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import type { Job } from './job.ts';

export interface CourierDeps {
  /** The exporter's id. */
  readonly id: string;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly compressor: Codec;
  /** Aborted when the program cannot wait for answers any longer. */
  readonly stop: AbortSignal;
}

/** One try: the batch in the form that this server takes. */
export class Courier {
  readonly #deps: CourierDeps;

  constructor(deps: CourierDeps) {
    this.#deps = deps;
  }

  /** Rejects only if the content is damaged. */
  async send(job: Job, content: BatchContent, endpoint: Endpoint, destination: Destination): Promise<Outcome> {
    await endpoint.known(destination);
    const { batch } = job;
    if (!endpoint.multipart) return this.#sendJson(job, content, endpoint, destination);
    const asSealed = endpoint.takes(batch.encoding);
    const message: Message = {
      path: '/runs/multipart',
      contentType: `multipart/form-data; boundary=${batch.boundary}`,
      encoding: asSealed ? batch.encoding : 'identity',
      body: asSealed ? content.body : await this.unpack(batch, content),
    };
    const outcome = await this.#post(batch, content.items, message, endpoint, destination);
    if (outcome.kind !== 'no_multipart') return outcome;
    endpoint.multipartMissing = true;
    return this.#sendJson(job, content, endpoint, destination);
  }

  /** The uncompressed body. */
  unpack(batch: SealedBatch, { body }: BatchContent): Promise<Bytes> {
    return this.#deps.compressor.decompress(body, batch.encoding, batch.uncompressedBytes);
  }

  /** Runs first, then feedback, which refers to them. The batch is delivered when all of it is. */
  async #sendJson(job: Job, content: BatchContent, endpoint: Endpoint, destination: Destination): Promise<Outcome> {
    const { batch } = job;
    const { body, feedback, attachmentsLeftOut } = batchJsonOf(await this.unpack(batch, content), content.items);
    const outcome = await this.#post(batch, content.items, json('/runs/batch', body), endpoint, destination);
    // Nothing to fall back to: the endpoint is wrong, or its ingress was, and then multipart may be there after all.
    if (outcome.kind === 'refused' && (outcome.status === 404 || outcome.status === 405)) endpoint.multipartMissing = false;
    if (outcome.kind !== 'delivered' && !isRepeat(outcome, job)) return outcome;
    if (attachmentsLeftOut > 0 && outcome.kind === 'delivered')
      this.#deps.observer.log('warn', 'This LangSmith has no /runs/multipart and takes no attachments: they were left out', {
        exporter: this.#deps.id,
        endpoint: destination.endpoint,
        attachments: attachmentsLeftOut,
      });
    for (const fields of feedback) {
      const answer = await endpoint.client.send(json('/feedback', fields), destination, this.#deps.stop, () => this.#deps.clock.now());
      if (answer.kind === 'delivered' || answer.kind === 'duplicate') continue;
      job.uncertain = true;
      return answer;
    }
    return outcome;
  }

  async #post(
    { spans, uncompressedBytes }: SealedBatch,
    runs: readonly SealedItem[],
    message: Message,
    endpoint: Endpoint,
    destination: Destination,
  ): Promise<Outcome> {
    const { clock, observer, stop, id } = this.#deps;
    const startedAt = performance.now();
    observer.sending(id, 1);
    const outcome = await endpoint.client.send(message, destination, stop, () => clock.now());
    observer.sending(id, -1);
    observer.uploaded(id, outcome.status, spans, uncompressedBytes, message.body.length, performance.now() - startedAt, runs);
    return outcome;
  }
}

/** A 409 that says no more than that these runs are there: after a try that got no answer, or for a single run. */
export function isRepeat(outcome: Outcome, job: Job): boolean {
  return outcome.kind === 'duplicate' && (job.uncertain || job.batch.runs === 1);
}

function json(path: '/runs/batch' | '/feedback', body: Bytes): Message {
  return { path, contentType: 'application/json', encoding: 'identity', body };
}
