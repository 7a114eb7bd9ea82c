/** The fields of a resource, scope, span or log record, each under its target. */
import type { Batch, LogRecord, Resource, Scope, Span } from '../../../model/batch.ts';
import type { Attributes, Value } from '../../../model/value.ts';
import { newTally, type Rules } from '../redact.ts';
import { type Detail, summarise } from '../summary.ts';
import type { AttributesRedaction } from './attributes.ts';
import type { Audit } from './audit.ts';
import { contentOfBody } from './content.ts';
import type { AttributeContent } from './content-keys.ts';
import type { RuleBook } from './rules.ts';
import type { Target } from './targets.ts';
import { redactTraceState } from './trace-state.ts';
import { valueTree, writtenValue } from './value-tree.ts';
import type { Walk } from './walk.ts';

export class ItemRedaction {
  readonly #targets: ReadonlySet<Target>;
  readonly #summary: Detail;
  readonly #rules: Rules;
  readonly #book: RuleBook;
  readonly #walk: Walk;
  readonly #attributes: AttributesRedaction;
  readonly #audit: Audit;

  constructor(
    targets: ReadonlySet<Target>,
    summary: Detail,
    rules: Rules,
    book: RuleBook,
    walk: Walk,
    attributes: AttributesRedaction,
    audit: Audit,
  ) {
    this.#targets = targets;
    this.#summary = summary;
    this.#rules = rules;
    this.#book = book;
    this.#walk = walk;
    this.#attributes = attributes;
    this.#audit = audit;
  }

  all(batch: Batch): void {
    if (batch.signal === 'traces') {
      for (const { resource, scopeSpans } of batch.resourceSpans) {
        this.#resource(resource);
        for (const { scope, spans } of scopeSpans) {
          this.#scope(scope);
          for (const span of spans) this.#span(span);
        }
      }
    } else {
      for (const { resource, scopeLogs } of batch.resourceLogs) {
        this.#resource(resource);
        for (const { scope, logRecords } of scopeLogs) {
          // A record's body is known by the name of its scope, so the scope comes behind them.
          for (const record of logRecords) this.#logRecord(record, scope.name);
          this.#scope(scope);
        }
      }
    }
  }

  #resource(resource: Resource): void {
    this.#keys(resource.attributes, 'resource');
    this.#text('schema_url', resource.schemaUrl, (text) => (resource.schemaUrl = text));
  }

  #scope(scope: Scope): void {
    this.#keys(scope.attributes, 'scope');
    this.#text('scope_name', scope.name, (text) => (scope.name = text));
    this.#text('scope_name', scope.version, (text) => (scope.version = text));
    this.#text('schema_url', scope.schemaUrl, (text) => (scope.schemaUrl = text));
  }

  #span(span: Span): void {
    this.#keys(span.attributes, 'span');
    this.#text('span_name', span.name, (text) => (span.name = text));
    this.#traceState(span);
    if (this.#targets.has('status_message')) {
      const { status } = span;
      this.#text('status_message', status.message, (text) => (status.message = text));
    }
    if (this.#targets.has('span_event') || this.#targets.has('span_event_name')) {
      for (const event of span.events) {
        this.#keys(event.attributes, 'span_event', event.name);
        this.#text('span_event_name', event.name, (text) => (event.name = text));
      }
    }
    if (this.#targets.has('span_link') || this.#targets.has('trace_state')) {
      for (const link of span.links) {
        this.#keys(link.attributes, 'span_link');
        this.#traceState(link);
      }
    }
  }

  #logRecord(record: LogRecord, scopeName: string): void {
    const named = record.eventName === '' ? record.attributes.get('event.name') : record.eventName;
    const event = typeof named === 'string' ? named : '';
    if (this.#targets.has('log_body')) this.#body(record, contentOfBody(event, scopeName));
    this.#keys(record.attributes, 'log', event);
    this.#text('log_event_name', record.eventName, (text) => (record.eventName = text));
    this.#text('log_severity_text', record.severityText, (text) => (record.severityText = text));
  }

  #keys(attributes: Attributes, target: Target, event = ''): void {
    if (this.#targets.has(target)) summarise(attributes, this.#attributes.redact(attributes, target, event), this.#summary, 'redaction');
  }

  #body(record: LogRecord, content: AttributeContent | undefined): void {
    const removed = this.#audit.total;
    const body = this.#value('log_body', record.body, content);
    if (body !== record.body) record.body = body ?? null;
    const tally = newTally();
    if (this.#audit.total > removed) tally.masked.push('body');
    summarise(record.attributes, tally, this.#summary, 'redaction.body');
  }

  #text(target: Target, text: string, set: (text: string) => void): void {
    if (text === '' || !this.#targets.has(target)) return;
    const redacted = this.#value(target, text, undefined);
    if (redacted !== text) set(typeof redacted === 'string' ? redacted : '');
  }

  #traceState(owner: { traceState: string }): void {
    if (owner.traceState === '' || !this.#targets.has('trace_state')) return;
    const redacted = redactTraceState(owner.traceState, (value) => {
      const member = this.#value('trace_state', value, undefined);
      return typeof member === 'string' ? member : null;
    });
    if (redacted !== owner.traceState) owner.traceState = redacted;
  }

  /** A field without a key; `undefined` if its text must go. */
  #value(target: Target, value: Value, content: AttributeContent | undefined): Value | undefined {
    this.#audit.enter(target, undefined);
    const isAllowed = typeof value === 'string' && this.#rules.allows(value);
    const root = valueTree(value);
    const rules = this.#book.about(target, undefined);
    this.#walk.value(root, { key: undefined, content, rules, isBody: target === 'log_body', isAllowed });
    return root.edit === null ? undefined : writtenValue(root);
  }
}
