/**
 * `trace_sampler`: keeps a part of all traces, by rules per tenant, project or service. Read this file first.
 *
 * The verdict rests on the trace id (or the randomness in its tracestate), so every span of a trace and every replica come to the same one without
 * asking anybody. What a sampler at the head cannot do:
 *   - It cannot know how a trace ends: errors, costs and durations are not there yet when the first span is decided on.
 *   - A condition on what differs between the spans of one trace (`span.…`, `scope.…`) splits the trace. Conditions on the request and on the resource
 *     split it only where the trace itself crosses them. Loading a rule of the first kind is warned of.
 */
import type { Span } from '../../model/batch.ts';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import type { Evaluation } from '../../ottl/ottl.ts';
import { dropEmptyGroups } from '../keep.ts';
import { Decisions } from '../sampling/decisions.ts';
import { always, hexDigits, never, type Threshold, thresholdOf } from '../sampling/threshold.ts';
import { explicitRandomness, traceRandomness } from '../sampling/trace-randomness.ts';
import { type CompiledTexts, compileTexts, newEvaluation, propagating } from '../statements/compile.ts';
import { type Rule, type Settings, schema } from './schema.ts';

interface CompiledRule extends Pick<CompiledTexts, 'context' | 'conditions'> {
  readonly name: string;
  readonly threshold: Threshold;
}

export const traceSampler = {
  kind: 'processor',
  type: 'trace_sampler',
  aliases: [],
  summary:
    'Keeps a part of all traces, with rules per tenant, project or service. The verdict rests on the trace id: all spans of a trace and all replicas agree. It cannot know how a trace ends, and conditions on single spans split traces.',
  signals: ['traces'],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: PipelineDeps): Processor => {
    const { rate, rules, error_mode } = config as Settings;
    const compiled = rules.map(
      (rule): CompiledRule => ({
        ...compileTexts({ conditions: [rule.condition] }, 'traces', error_mode, deps),
        name: rule.name,
        threshold: thresholdOfRule(rule),
      }),
    );
    for (const [at, { context }] of compiled.entries()) {
      if (context === 'resource') continue;
      deps.observer.log('warn', 'a sampling rule reads single spans: it may split traces', {
        component: deps.id,
        rule: rules[at]?.name,
        context,
      });
    }
    const otherwise = { name: 'rate', threshold: thresholdOfRate(rate) };
    return {
      drops: 'sampled_out',
      mutates: true,
      process: (batch) => {
        if (batch.signal !== 'traces' || (compiled.length === 0 && otherwise.threshold === always)) return batch;
        const decisions = new Decisions(deps.observer, deps.id);
        const evaluation = newEvaluation(deps, batch.caller);
        propagating(() => {
          for (const { resource, scopeSpans } of batch.resourceSpans) {
            evaluation.resource = resource;
            const open = rulesOfResource(compiled, evaluation);
            for (const group of scopeSpans) {
              evaluation.scope = group.scope;
              group.spans = group.spans.filter((span) => {
                const { name, threshold } = ruleOfSpan(span, open, evaluation) ?? otherwise;
                const kept = isKept(span, threshold);
                decisions.add(name, kept, span);
                return kept;
              });
            }
          }
        });
        decisions.tell('traces');
        dropEmptyGroups(batch);
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;

function thresholdOfRule({ action, rate = 1 }: Rule): Threshold {
  return action === 'keep' ? always : action === 'drop' ? never : thresholdOfRate(rate);
}

function thresholdOfRate(rate: number): Threshold {
  return rate === 0 ? never : thresholdOf(rate, hexDigits);
}

/** The rules that are still to be asked for each span: those that the resource answers are settled here, the first that holds ends the list. */
function rulesOfResource(rules: readonly CompiledRule[], evaluation: Evaluation): readonly CompiledRule[] {
  const open: CompiledRule[] = [];
  for (const rule of rules) {
    if (rule.context !== 'resource') open.push(rule);
    else if (holds(rule, evaluation)) return [...open, rule];
  }
  return open;
}

function ruleOfSpan(span: Span, rules: readonly CompiledRule[], evaluation: Evaluation): CompiledRule | undefined {
  evaluation.span = span;
  for (const rule of rules) if (rule.context === 'resource' || holds(rule, evaluation)) return rule;
  return undefined;
}

function holds({ conditions }: CompiledRule, evaluation: Evaluation): boolean {
  evaluation.cache = undefined;
  return conditions.test(evaluation);
}

/** A span without any randomness is kept, unless nothing is: to lose it would be worse. */
function isKept(span: Span, threshold: Threshold): boolean {
  if (threshold === always || threshold === never) return threshold === always;
  const randomness = explicitRandomness(span.traceState) ?? traceRandomness(span.traceId);
  return randomness === undefined || randomness >= threshold;
}
