import type { Batch, Signal } from '../../model/batch.ts';
import type { PipelineDeps } from '../../model/component.ts';
import type { ConditionSequence, ContextName, ErrorMode, Evaluation } from '../../ottl/ottl.ts';
import { compileTexts } from '../statements/compile.ts';
import type { Texts } from '../statements/contexts.ts';
import type { Settings } from './schema.ts';

/** What is dropped, by context: where any of the conditions holds. */
export type DropConditions = ReadonlyMap<ContextName, readonly ConditionSequence[]>;

export function compileConditions(settings: Settings, signal: Signal, deps: PipelineDeps): DropConditions {
  const conditions = new Map<ContextName, ConditionSequence[]>();
  for (const { texts, errorMode } of groupsOf(settings, signal)) {
    const compiled = compileTexts(texts, signal, errorMode ?? settings.error_mode, deps);
    const known = conditions.get(compiled.context);
    if (known) known.push(compiled.conditions);
    else conditions.set(compiled.context, [compiled.conditions]);
  }
  return conditions;
}

interface Group {
  readonly texts: Texts;
  readonly errorMode?: ErrorMode | undefined;
}

function groupsOf({ trace_conditions, log_conditions, traces, logs }: Settings, signal: Signal): readonly Group[] {
  const fresh = (signal === 'traces' ? trace_conditions : log_conditions).map(
    (one): Group => (typeof one === 'string' ? { texts: { conditions: [one] } } : { texts: one, errorMode: one.error_mode }),
  );
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
  return [...fresh, ...old.filter(({ conditions = [] }) => conditions.length > 0).map((texts) => ({ texts }))];
}

/** Takes out what is dropped, from the whole to the part: nobody asks for the spans of a resource that goes. Empty groups stay. */
export function dropByConditions(batch: Batch, conditions: DropConditions, evaluation: Evaluation): void {
  const stays = (context: ContextName): (() => boolean) | undefined => {
    const sequences = conditions.get(context);
    return (
      sequences &&
      (() => {
        evaluation.cache = undefined;
        return !sequences.some((sequence) => sequence.test(evaluation));
      })
    );
  };
  const [resource, scope, span, spanEvent, log] = [stays('resource'), stays('scope'), stays('span'), stays('spanevent'), stays('log')];
  if (batch.signal === 'traces') {
    batch.resourceSpans = batch.resourceSpans.filter((group) => {
      evaluation.resource = group.resource;
      if (resource && !resource()) return false;
      group.scopeSpans = group.scopeSpans.filter((inner) => {
        evaluation.scope = inner.scope;
        if (scope && !scope()) return false;
        if (!span && !spanEvent) return true;
        inner.spans = inner.spans.filter((one) => {
          evaluation.span = one;
          if (span && !span()) return false;
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
    if (resource && !resource()) return false;
    group.scopeLogs = group.scopeLogs.filter((inner) => {
      evaluation.scope = inner.scope;
      if (scope && !scope()) return false;
      if (!log) return true;
      inner.logRecords = inner.logRecords.filter((one) => {
        evaluation.log = one;
        return log();
      });
      return true;
    });
    return true;
  });
}
