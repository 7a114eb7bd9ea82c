import type { Outcome } from '../../../model/destination.ts';
import type { Observer } from '../../../model/observer.ts';
import { refusalSentence } from './outcome.ts';

/** Tells the operator once when a lane gets into trouble, and once when it is out of it. */
export class LaneHealth {
  readonly #observer: Observer;
  readonly #key: string;
  readonly #facts: Readonly<Record<string, string>>;
  #told = '';

  /** `key` is the lane's name for the operator, without a secret. */
  constructor(observer: Observer, key: string, facts: Readonly<Record<string, string>>) {
    this.#observer = observer;
    this.#key = key;
    this.#facts = facts;
  }

  /** `failing`: nothing has come through for a while. */
  note(outcome: Outcome, failing: boolean): void {
    switch (outcome.kind) {
      case 'refused':
        this.#tell(refusalSentence(outcome), { status: outcome.status });
        break;
      case 'retry':
        if (failing)
          this.#tell(failureSentence(outcome.status), outcome.status === 0 ? { code: outcome.text } : { status: outcome.status });
        break;
      default:
        this.close();
    }
  }

  close(): void {
    if (this.#told === '') return;
    this.#told = '';
    this.#observer.healthy(this.#key);
  }

  #tell(sentence: string, facts: Readonly<Record<string, string | number>>): void {
    if (this.#told === sentence) return;
    this.#told = sentence;
    this.#observer.degraded(this.#key, sentence, { ...this.#facts, ...facts });
  }
}

function failureSentence(status: number): string {
  if (status === 0) return 'LangSmith cannot be reached; runs are kept and sent when it can';
  if (status === 429) return 'LangSmith says that this account is over its limits; runs are kept and sent when it takes them again';
  return 'LangSmith answers with errors; runs are kept and sent when it takes them again';
}
