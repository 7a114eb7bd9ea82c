/** How log records that were written in another span find the one that they mean: both say the same attribute (mapping §13.7, §16). */
import type { LogRecord } from '../../../model/batch.ts';
import type { RunType } from '../../../model/draft.ts';
import { isEvaluation } from './evaluation-events.ts';
import { slot, topic } from './keys.ts';
import { eventName } from './occurrences.ts';
import { eventTargets } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

/** Which attribute names which runs. */
const naming: readonly (readonly [key: string, runType: RunType])[] = [
  ['gen_ai.response.id', 'llm'],
  ['request_id', 'llm'],
  ['tool_use_id', 'tool'],
  ['call_id', 'tool'],
];
const slots = naming.map(([key, runType]) => ({ key, runType, slot: slot(key) }));
const named = topic(slots.map(({ slot }) => slot));
const none: readonly string[] = [];
/** Whatever is said; nobody has this name. */
const root = 'root';
/** Names are part of keys in the journal. */
const allowed = /^[\w.:@+-]{1,128}$/;

/** What log records may call this span. */
export function namesOfSpan(reader: SpanReader, runType: RunType): readonly string[] {
  if (!reader.speaksOf(named)) return none;
  const names: string[] = [];
  for (const { key, runType: of, slot } of slots) {
    const value = of === runType ? reader.peekText(slot) : undefined;
    if (value !== undefined && allowed.test(value)) names.push(`${key}=${value}`);
  }
  return names;
}

/** What this log record calls the span that it means, if that is not the one that it was written in. An evaluation without a span is the root's. */
export function namesInLog(log: LogRecord): readonly string[] {
  const event = eventName(log);
  const isHomeless = log.spanId === '' && isEvaluation(event);
  const key = isHomeless ? 'gen_ai.response.id' : eventTargets.get(event);
  const value = key === undefined ? undefined : log.attributes.get(key);
  if (typeof value === 'string' && allowed.test(value)) return [`${key}=${value}`];
  return isHomeless ? [root] : none;
}
