/**
 * `presidio`: asks a recogniser in the format of Presidio's analyzer what is in the texts of a batch, takes it out, and hands the batch on. Read this file
 * first. It is the one place where data waits for somebody else before it is in the journal, so it is a connector and no processor: the sender of a
 * batch waits as long, gets what the pipelines behind it answer, and nothing is kept here.
 *
 *   collect the texts ─► analyzer.ts asks, each text once ─► findings.ts takes out what was found ─► every pipeline behind it
 */
import type { Batch } from '../../model/batch.ts';
import type { Connector, ConnectorDeps, ConnectorFactory } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { Secret } from '../../model/secret.ts';
import { type Action, EveryText, overBudget, Replacements } from '../../processors/redaction/every-text.ts';
import { forward } from '../forward.ts';
import { Analyzer, type Failure } from './analyzer.ts';
import { withoutFindings } from './findings.ts';
import { type Settings, schema } from './schema.ts';

/** What `failure_mode: mask` puts in place of a text that nobody analyzed. */
const unseen = '<redacted>';
const retryAfterMs = 5_000;

export const presidio = {
  kind: 'connector',
  type: 'presidio',
  aliases: [],
  summary: 'Has texts analyzed by a Presidio analyzer over HTTP and redacts what it finds, before the data goes on.',
  signals: ['traces', 'logs'],
  stability: 'alpha',
  schema,
  create: (config: unknown, deps: ConnectorDeps, pipelines: readonly string[]): Connector => {
    const stage = new Recognition(config as Settings, deps);
    return { prepare: (batch) => stage.redact(batch), route: forward.create({}, deps, pipelines).route };
  },
} as const satisfies ConnectorFactory;

class Recognition {
  readonly #settings: Settings;
  readonly #deps: ConnectorDeps;
  readonly #analyzer: Analyzer;
  readonly #replacements: Replacements;
  readonly #texts: EveryText;
  #waiting = 0;
  #isDegraded = false;

  constructor(settings: Settings, deps: ConnectorDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#analyzer = new Analyzer(settings, deps.post, deps.clock);
    this.#replacements = new Replacements({ ...settings, hash_function: 'none', hmac_key: new Secret('') });
    this.#texts = new EveryText(settings.targets, this.#replacements, deps.id, deps.observer);
  }

  async redact(batch: Batch): Promise<Batch> {
    const texts = this.#collect(batch);
    const { findings, failure } = await this.#ask(texts);
    this.#tell(failure);
    if (failure !== undefined && this.#settings.failure_mode === 'refuse') throw this.#refusal(failure);
    this.#texts.each(batch, (text, note) => {
      if (text.trim() === '') return text;
      if (this.#isTooLong(text)) {
        note('over_budget');
        return overBudget;
      }
      const found = findings.get(text);
      if (found === undefined) {
        note('not_analyzed');
        return this.#settings.failure_mode === 'pass' ? text : unseen;
      }
      return withoutFindings(text, found, (entity, part) => {
        note(entity);
        return this.#replacements.of(this.#actionOf(entity), entity, part);
      });
    });
    return batch;
  }

  #collect(batch: Batch): readonly string[] {
    const texts = new Set<string>();
    this.#texts.each(batch, (text) => {
      if (text.trim() !== '' && !this.#isTooLong(text)) texts.add(text);
      return text;
    });
    return [...texts];
  }

  /** A batch alone is never refused, however many texts it has: it would come again for ever. */
  async #ask(texts: readonly string[]): ReturnType<Analyzer['ask']> {
    if (this.#waiting > 0 && this.#waiting + texts.length > this.#settings.max_waiting_texts)
      throw new Fault('GW_RECEIVE_TOO_BUSY', `cannot ask "${this.#deps.id}": too many texts wait to be analyzed`, { retryAfterMs });
    this.#waiting += texts.length;
    try {
      return await this.#analyzer.ask(texts);
    } finally {
      this.#waiting -= texts.length;
    }
  }

  #isTooLong(text: string): boolean {
    return text.length > this.#settings.max_text_length;
  }

  #actionOf(entity: string): Action {
    const { action, actions } = this.#settings;
    return Object.hasOwn(actions, entity) ? (actions[entity] as Action) : action;
  }

  #tell(failure: Failure | undefined): void {
    const { id, observer } = this.#deps;
    const key = `presidio::${id}`;
    if (failure !== undefined)
      observer.degraded(key, 'The analyzer does not answer.', {
        component: id,
        reason: failure,
        failure_mode: this.#settings.failure_mode,
      });
    else if (this.#isDegraded) observer.healthy(key);
    this.#isDegraded = failure !== undefined;
  }

  #refusal(failure: Failure): Fault {
    return new Fault('GW_EXPORT_UNAVAILABLE', `cannot ask "${this.#deps.id}": the analyzer does not answer (${failure})`, {
      retryAfterMs,
      hint: 'failure_mode says what becomes of data then',
    });
  }
}
