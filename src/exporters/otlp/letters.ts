import type { Entry, Pair, Space } from '../../journal/journal.ts';
import { noBytes } from '../../model/bytes.ts';
import type { Clock } from '../../model/clock.ts';
import { type DeadLetter, deadLetterKey, encodeDeadLetter } from '../dead-letters/dead-letter.ts';
import type { Loss } from './delivery.ts';
import { encodeEntry } from './entry.ts';

/** A letter that is given back counts as taken over: no run of the gateway has it in its books. */
const nobody = '0000000000000000';

export interface Letter {
  readonly reason: string;
  readonly items: number;
  readonly pair: Pair & { readonly space: Space };
}

/** Writes dead letters. Each whole request is kept so that it can be sent again; of one that was taken in part nobody knows which part. */
export class Letters {
  readonly #endpoint: string;
  readonly #clock: Clock;

  constructor(endpoint: string, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  of(entry: Entry, losses: readonly Loss[]): readonly Letter[] {
    return losses.map(({ request, items, whole, reason, status, serverText }, index) =>
      this.#letter(entry, `${entry.id}-${index}`, {
        reason,
        status,
        serverText,
        items,
        holds: whole ? 'entry' : 'bytes',
        parts: encodeEntry(request, nobody),
      }),
    );
  }

  /** An entry whose bytes cannot be read. */
  damaged(entry: Entry): Letter {
    return this.#letter(entry, entry.id, {
      reason: 'corrupt',
      status: 0,
      serverText: '',
      items: entry.items,
      holds: 'bytes',
      parts: entry.payload ?? noBytes,
    });
  }

  #letter(
    { appendedAtMs }: Entry,
    id: string,
    facts: Pick<DeadLetter, 'reason' | 'status' | 'serverText' | 'items' | 'holds' | 'parts'>,
  ): Letter {
    const key = deadLetterKey(appendedAtMs, `request-${id}`);
    const letter: DeadLetter = {
      ...facts,
      key,
      at: this.#clock.now(),
      runId: '',
      traceId: '',
      destination: { endpoint: this.#endpoint, workspaceId: '', key: 'static' },
      boundary: '',
    };
    return { reason: facts.reason, items: facts.items, pair: { space: 'dead', key, value: encodeDeadLetter(letter) } };
  }
}
