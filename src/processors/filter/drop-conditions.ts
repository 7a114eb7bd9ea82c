import type { Batch, LogRecord, Resource, Signal, Span } from '../../model/batch.ts';
import type { PipelineDeps } from '../../model/component.ts';
import type { ConditionSequence, ContextName, ErrorMode, Evaluation } from '../../ottl/ottl.ts';
import { compileTexts } from '../statements/compile.ts';
import type { Texts } from '../statements/contexts.ts';
import type { Settings } from './schema.ts';

/** Conditions of which any may hold, and where each stands in the settings. */
interface DropRule {
  readonly rules: readonly string[];
  readonly conditions: ConditionSequence;
}

/** What is dropped, by context: where any of the conditions holds. */
export type DropConditions = ReadonlyMap<ContextName, readonly DropRule[]>;

/** Is told of each span and log record that goes, alone or with the whole that it stands in. */
export type LeftOut = (item: Span | LogRecord, rule: string, resource: Resource) => void;

export function compileConditions(settings: Settings, signal: Signal, deps: PipelineDeps): DropConditions {
  const conditions = new Map<ContextName, DropRule[]>();
  for (const { rules, texts, errorMode } of groupsOf(settings, signal)) {
    const compiled = compileTexts(texts, signal, errorMode ?? settings.error_mode, deps);
    const known = conditions.get(compiled.context);
    const one = { rules, conditions: compiled.conditions };
    if (known) known.push(one);
    else conditions.set(compiled.context, [one]);
  }
  return conditions;
}

interface Group {
  readonly rules: readonly string[];
  readonly texts: Texts;
  readonly errorMode?: ErrorMode | undefined;
}

function groupsOf({ trace_conditions, log_conditions, traces, logs }: Settings, signal: Signal): readonly Group[] {
  const [field, given] = signal === 'traces' ? ['trace_conditions', trace_conditions] : ['log_conditions', log_conditions];
  const fresh = given.map((one, index): Group => {
    const rule = `${field}[${index}]`;
    if (typeof one === 'string') return { rules: [rule], texts: { conditions: [one] } };
    return { rules: one.conditions.map((_, position) => `${rule}.conditions[${position}]`), texts: one, errorMode: one.error_mode };
  });
  const old: Texts[] =
    signal === 'traces'
      ? [
          { context: 'resource', conditions: traces?.resource },
          { context: 'scope', conditions: traces?.scope },
          { context: 'span', conditions: traces?.span },
          { context: 'spanevent', conditions: traces?.spanevent },
        ]
      : [
          { context: 'resource', conditions: logs?.resource },
          { context: 'scope', conditions: logs?.scope },
          { context: 'log', conditions: logs?.log_record },
        ];
  const named = old
    .filter(({ conditions = [] }) => conditions.length > 0)
    .map((texts) => ({ rules: (texts.conditions ?? []).map((_, index) => `${signal}.${nameOf(texts.context)}[${index}]`), texts }));
  return [...fresh, ...named];
}

/** The settings' own name of a context. */
function nameOf(context: ContextName | undefined): string {
  return context === 'log' ? 'log_record' : `${context}`;
}

/** Takes out what is dropped, from the whole to the part: nobody asks for the spans of a resource that goes. Empty groups stay. */
export function dropByConditions(batch: Batch, conditions: DropConditions, evaluation: Evaluation, leftOut: LeftOut): void {
  let rule = '';
  const stays = (context: ContextName): (() => boolean) | undefined => {
    const dropping = conditions.get(context);
    return (
      dropping &&
      (() => {
        evaluation.cache = undefined;
        for (const { rules, conditions: alternatives } of dropping) {
          const index = alternatives.first(evaluation);
          if (index < 0) continue;
          rule = rules[index] ?? '';
          return false;
        }
        return true;
      })
    );
  };
  const gone = (items: readonly (Span | LogRecord)[]): false => {
    for (const item of items) leftOut(item, rule, evaluation.resource);
    return false;
  };
  const [resource, scope, span, spanEvent, log] = [stays('resource'), stays('scope'), stays('span'), stays('spanevent'), stays('log')];
  if (batch.signal === 'traces') {
    batch.resourceSpans = batch.resourceSpans.filter((group) => {
      evaluation.resource = group.resource;
      if (resource && !resource()) return gone(group.scopeSpans.flatMap(({ spans }) => spans));
      group.scopeSpans = group.scopeSpans.filter((inner) => {
        evaluation.scope = inner.scope;
        if (scope && !scope()) return gone(inner.spans);
        if (!span && !spanEvent) return true;
        inner.spans = inner.spans.filter((one) => {
          evaluation.span = one;
          if (span && !span()) return gone([one]);
          if (!spanEvent) return true;
          one.events = one.events.filter((event, index) => {
            evaluation.spanEvent = event;
            evaluation.eventIndex = index;
            return spanEvent();
          });
          return true;
        });
        return true;
      });
      return true;
    });
    return;
  }
  batch.resourceLogs = batch.resourceLogs.filter((group) => {
    evaluation.resource = group.resource;
    if (resource && !resource()) return gone(group.scopeLogs.flatMap(({ logRecords }) => logRecords));
    group.scopeLogs = group.scopeLogs.filter((inner) => {
      evaluation.scope = inner.scope;
      if (scope && !scope()) return gone(inner.logRecords);
      if (!log) return true;
      inner.logRecords = inner.logRecords.filter((one) => {
        evaluation.log = one;
        return log() || gone([one]);
      });
      return true;
    });
    return true;
  });
}
