import { floatOf } from './coerce.ts';
import { emptyObject, isObject, isVoid, type JsonObject } from './json.ts';
import { type Slot, slot, topic } from './keys.ts';
import { costDetails, costs } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const whole = ['input_cost', 'output_cost', 'total_cost'] as const;
const parts = [...costs].filter(([name]) => name.includes('.'));

const micros = slot('cost_usd_micros');
const estimated = slot('gen_ai.client.estimated_cost');
const costly = topic([...costDetails, ...[...costs.values()].flat()]);

/** Costs that the sender reports, in US dollars, beside the token counts (mapping §10.6). */
export function costsOf(reader: SpanReader, usage: JsonObject | undefined): JsonObject | undefined {
  if (!reader.speaksOf(costly)) return usage;
  const priced = hasTokens(usage);
  let withCosts = groupedCosts(reader, usage, priced);
  for (const name of whole) {
    if (withCosts?.[name] !== undefined) continue;
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

/** One attribute that tells all costs as an object. */
function groupedCosts(reader: SpanReader, usage: JsonObject | undefined, priced: boolean): JsonObject | undefined {
  for (const slot of costDetails) {
    const details = reader.peekJson(slot);
    if (!isObject(details)) continue;
    const found = emptyObject();
    for (const key of Object.keys(details)) {
      const cost = floatOf(details[key]);
      const name = /^total(?:_cost)?$/.test(key) ? 'total_cost' : /^(?:input|output)/.exec(key)?.[0].concat('_cost');
      if (cost !== undefined && name !== undefined) found[name] = ((found[name] as number | undefined) ?? 0) + cost;
    }
    if (isVoid(found) || (priced && Object.values(found).every((cost) => cost === 0))) continue;
    return Object.assign(usage ?? emptyObject(), found);
  }
  return usage;
}

function hasTokens(usage: JsonObject | undefined): boolean {
  return usage !== undefined && !isVoid(usage) && usage.total_tokens !== 0;
}

/** Emitters write 0 for models whose price they do not know; sending it would switch off LangSmith's own pricing. */
function firstCost(reader: SpanReader, slots: readonly Slot[] | undefined, priced: boolean): number | undefined {
  for (const slot of slots ?? []) {
    const told = dollars(reader.peekText(slot));
    const cost = slot === micros && told !== undefined ? told / 1e6 : told;
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

/** A cost in another currency is nothing that LangSmith could add up. */
export function writeForeignCost(reader: SpanReader, metadata: JsonObject): void {
  if (!reader.has(estimated)) return;
  const [, amount, currency] = /^([\d.]+)\s*([A-Z]{3})$/.exec(reader.peekText(estimated) ?? '') ?? [];
  const cost = floatOf(amount);
  if (cost === undefined || currency === undefined || currency === 'USD') return;
  metadata.cost = cost;
  metadata.cost_currency = currency;
}
