import type { Span, Traces } from '../../model/batch.ts';
import { bytes } from '../../model/bytes.ts';
import type { Value } from '../../model/value.ts';
import { keepSpans } from '../keep.ts';
import { hashRandomness } from '../sampling/hash-randomness.ts';
import { always, never } from '../sampling/threshold.ts';
import { traceRandomness } from '../sampling/trace-randomness.ts';
import { parseTraceState, printTraceState } from '../sampling/trace-state.ts';
import type { Decisions } from './decisions.ts';
import { type Priority, policyOf, type Sampler } from './sampler.ts';

const noTraceId = '0'.repeat(32);

export function sampleSpans(batch: Traces, sampler: Sampler, seed: number, decisions: Decisions): void {
  keepSpans(batch, (span) => sampleSpan(span, sampler, seed, decisions));
}

function sampleSpan(span: Span, sampler: Sampler, seed: number, decisions: Decisions): boolean {
  const state = parseTraceState(span.traceState);
  const randomness = sampler.hashes
    ? hashRandomness(bytes.from(span.traceId || noTraceId, 'hex'), seed)
    : state && (state.randomness ?? traceRandomness(span.traceId));
  const priority = priorityOf(span.attributes.get('sampling.priority'));
  const policy = policyOf(sampler.hashes, randomness, state?.randomness !== undefined, priority);
  const sampled = sampler.sample(randomness, state, priority);
  decisions.add(policy, sampled, span);
  if (sampled && state) span.traceState = printTraceState(state);
  return sampled;
}

const none: Priority = {};
const keep: Priority = { fixed: always };
const drop: Priority = { fixed: never };

/** OpenTracing's `sampling.priority`: 0 drops, more than 0 keeps, anything else leaves it to the sampler. */
function priorityOf(value: Value | undefined): Priority {
  const given = typeof value === 'bigint' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : value;
  if (given === 0) return drop;
  return typeof given === 'number' && given > 0 ? keep : none;
}
