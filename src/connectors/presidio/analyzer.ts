/** Asks an analyzer about texts: `POST /analyze {text, language, …}` → findings, as the REST API of Presidio's analyzer has it. */
import type { Clock } from '../../model/clock.ts';
import type { HttpPost } from '../../model/http-post.ts';
import { type Finding, merged, readFindings } from './findings.ts';
import type { Settings } from './schema.ts';
import { Turns } from './turns.ts';

const answerBytesMax = 16 * 2 ** 20;

/** Why there is no answer: a code of the network or of HTTP. It never quotes a text. */
export type Failure = string;

export class Analyzer {
  readonly #settings: Settings;
  readonly #url: string;
  readonly #post: HttpPost;
  readonly #clock: Clock;
  readonly #turns: Turns;

  constructor(settings: Settings, post: HttpPost, clock: Clock) {
    this.#settings = settings;
    this.#url = `${settings.endpoint.replace(/\/+$/, '')}/analyze`;
    this.#post = post;
    this.#clock = clock;
    this.#turns = new Turns(settings.max_concurrent_requests);
  }

  /** By text, what is in it; texts without an answer are missing. Resolves in about `timeout`, with the last failure if there was one. */
  async ask(texts: readonly string[]): Promise<{ readonly findings: ReadonlyMap<string, readonly Finding[]>; readonly failure?: Failure }> {
    const { batch_size: size, timeout, failure_mode } = this.#settings;
    const deadline = this.#clock.now() + timeout;
    const findings = new Map<string, readonly Finding[]>();
    let failure: Failure | undefined;
    const requests: Promise<void>[] = [];
    for (let at = 0; at < texts.length; at += size) {
      const some = texts.slice(at, at + size);
      requests.push(
        this.#turns.take(async () => {
          // Of a batch that is refused anyway, nothing more leaves.
          if (failure !== undefined && failure_mode === 'refuse') return;
          const answer = await this.#request(some, deadline - this.#clock.now());
          if (typeof answer === 'string') failure = answer;
          else for (const [index, text] of some.entries()) findings.set(text, answer[index] as readonly Finding[]);
        }),
      );
    }
    await Promise.all(requests);
    return failure === undefined ? { findings } : { findings, failure };
  }

  async #request(texts: readonly string[], timeoutMs: number): Promise<readonly (readonly Finding[])[] | Failure> {
    if (timeoutMs <= 0) return 'TIMEOUT';
    const { language, entities, score_threshold, headers, batch_size } = this.#settings;
    const text = batch_size === 1 ? texts[0] : texts;
    const body = JSON.stringify({ text, language, entities, score_threshold });
    try {
      const answer = await this.#post({ url: this.#url, headers, body, timeoutMs, answerBytesMax });
      if (answer.status !== 200) return `HTTP ${answer.status}`;
      return this.#read(JSON.parse(answer.body.utf8Slice()), texts.length) ?? 'BAD_ANSWER';
    } catch (error) {
      if (error instanceof SyntaxError) return 'BAD_ANSWER';
      return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
    }
  }

  #read(json: unknown, count: number): readonly (readonly Finding[])[] | undefined {
    const answers = this.#settings.batch_size === 1 ? [json] : json;
    if (!Array.isArray(answers) || answers.length !== count) return undefined;
    const read = answers.map((one) => readFindings(one));
    if (read.some((one) => one === undefined)) return undefined;
    return (read as (readonly Finding[])[]).map((one) => merged(one.filter(({ entity }) => this.#actionOf(entity) !== 'keep')));
  }

  #actionOf(entity: string): string {
    const { action, actions } = this.#settings;
    return Object.hasOwn(actions, entity) ? (actions[entity] as string) : action;
  }
}
