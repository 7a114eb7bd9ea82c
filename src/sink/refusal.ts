/** `must`: LangSmith refuses it. `should`: LangSmith takes it, and a good client does not send it. */
export type ViolationLevel = 'must' | 'should';

/** One breach of the upload contract. `rule` is the number of the conformance check (see `rules.ts`). */
export interface Violation {
  readonly rule: number;
  readonly level: ViolationLevel;
  readonly text: string;
  /** '' where the request as a whole is meant. */
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An answer that ends a request: what the imitated server would say. Not one of Spanway's own errors, so not a `Fault`. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** 0 where no rule of the upload contract is broken, as with an unknown id. */
  readonly rule: number;

  constructor(status: number, body: Readonly<Record<string, unknown>>, rule = 0) {
    super(JSON.stringify(body));
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
    this.rule = rule;
  }

  static unprocessable(rule: number, reason: string): Refusal {
    return new Refusal(422, { error: `Unprocessable entity: ${reason}` }, rule);
  }

  static tooLarge(reason: string): Refusal {
    return new Refusal(413, { error: `Request entity too large: ${reason}` }, 26);
  }

  static notFound(what: string): Refusal {
    return new Refusal(404, { detail: `${what} not found` });
  }
}
