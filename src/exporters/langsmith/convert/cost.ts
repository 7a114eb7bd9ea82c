import { floatOf } from './coerce.ts';
import { emptyObject, isVoid, type JsonObject } from './json.ts';
import type { Slot } from './keys.ts';
import { costs } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const whole = ['input_cost', 'output_cost', 'total_cost'] as const;
const parts = [...costs].filter(([name]) => name.includes('.'));

/** Costs that the sender reports, in US dollars, beside the token counts (mapping §10.6). */
export function costsOf(reader: SpanReader, usage: JsonObject | undefined): JsonObject | undefined {
  const priced = hasTokens(usage);
  let withCosts = usage;
  for (const name of whole) {
    const cost = firstCost(reader, costs.get(name), priced);
    if (cost === undefined) continue;
    withCosts ??= emptyObject();
    withCosts[name] = cost;
  }
  for (const [name, slots] of parts) {
    if (withCosts === undefined) break;
    const cost = firstCost(reader, slots, priced);
    if (cost === undefined) continue;
    const [side, detail] = name.split('.') as [string, string];
    const details = (withCosts[`${side}_cost_details`] ??= emptyObject()) as JsonObject;
    details[detail] = cost;
  }
  return withCosts;
}

function hasTokens(usage: JsonObject | undefined): boolean {
  return usage !== undefined && !isVoid(usage) && usage.total_tokens !== 0;
}

/** Emitters write 0 for models whose price they do not know; sending it would switch off LangSmith's own pricing. */
function firstCost(reader: SpanReader, slots: readonly Slot[] | undefined, priced: boolean): number | undefined {
  for (const slot of slots ?? []) {
    const cost = dollars(reader.peekText(slot));
    if (cost === undefined || (cost === 0 && priced)) continue;
    reader.use(slot);
    return cost;
  }
  return undefined;
}

/** A number, with or without `USD` behind it. */
function dollars(text: string | undefined): number | undefined {
  return text === undefined ? undefined : floatOf(text.replace(/\s*USD$/i, ''));
}
