import type { Limits } from './limits.ts';

/** What a span or log record can break alone: it is left out, its siblings are not. */
export type Rule = 'traceId' | 'spanId' | 'parentSpanId' | 'logTraceId' | 'logSpanId' | 'attributes' | 'events';

function sentence(rule: Rule, limits: Limits): string {
  switch (rule) {
    case 'traceId':
      return 'trace id is not 16 bytes (32 hex digits in JSON) or is all zero';
    case 'spanId':
      return 'span id is not 8 bytes (16 hex digits in JSON) or is all zero';
    case 'parentSpanId':
      return 'parent span id is not 8 bytes (16 hex digits in JSON)';
    case 'logTraceId':
      return 'trace id is not 16 bytes (32 hex digits in JSON)';
    case 'logSpanId':
      return 'span id is not 8 bytes (16 hex digits in JSON)';
    case 'attributes':
      return `more than ${limits.attributesMax} attributes`;
    case 'events':
      return `more than ${limits.eventsMax} events or links`;
  }
}

/** Counts items that were left out, by the rule they broke. */
export class Rejections {
  readonly #counts = new Map<Rule, number>();
  total = 0;

  add(rule: Rule): void {
    this.total++;
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
  }

  /** For the client, e.g. `2 spans rejected: span id is not … (2)`; '' if there are none. */
  message(noun: string, limits: Limits): string {
    if (this.total === 0) return '';
    const rules = [...this.#counts].map(([rule, count]) => `${sentence(rule, limits)} (${count})`);
    return `${this.total} ${noun}${this.total === 1 ? '' : 's'} rejected: ${rules.join('; ')}`;
  }
}
