import { Refusal, type Violation } from './refusal.ts';

/** Collects what is wrong with one request. A strict sink then answers with the first `must`; a lenient one only remembers them. */
export class Findings {
  readonly violations: Violation[] = [];
  #refusal: Refusal | undefined;

  /** Answered as 400, or as 422 where the schema and not the identity is wrong. */
  must(rule: number, runId: string, text: string, status: 400 | 404 | 422 = 422): void {
    this.violations.push({ rule, level: 'must', text, runId, at: Date.now() });
    if (this.#refusal !== undefined) return;
    if (status === 422) this.#refusal = Refusal.unprocessable(rule, text);
    else if (status === 400) this.#refusal = new Refusal(400, { error: `Bad request: ${text}` }, rule);
    else this.#refusal = new Refusal(404, { detail: text }, rule);
  }

  should(rule: number, runId: string, text: string): void {
    this.violations.push({ rule, level: 'should', text, runId, at: Date.now() });
  }

  /** Remembers a refusal that ended the request before its runs could be looked at. */
  refused(refusal: Refusal): void {
    const text = String(refusal.body.error ?? refusal.body.detail);
    this.violations.push({ rule: refusal.rule, level: 'must', text, runId: '', at: Date.now() });
  }

  get refusal(): Refusal | undefined {
    return this.#refusal;
  }
}
