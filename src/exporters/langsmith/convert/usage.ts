/** `usage_metadata`: token counts as LangSmith wants them, inclusive of every detail (mapping §10). */
import { memberOf } from './coerce.ts';
import { costsOf } from './cost.ts';
import { type Counts, complete, hasBase, newCounts } from './counts.ts';
import type { ExclusiveInput } from './dialect.ts';
import { emptyObject, isVoid, type Json, type JsonObject } from './json.ts';
import type { Slot } from './keys.ts';
import { RuleList } from './rule-list.ts';
import { usageDetails, usageGroups } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const details = [...usageDetails].map(([name, slots]) => {
  const dot = name.indexOf('.');
  return { input: name.slice(0, dot) === 'input', name: name.slice(dot + 1), slots };
});

const groups = new RuleList(usageGroups, ({ input, output, total, read }) =>
  read === undefined ? { slots: [...input, ...output, ...total] } : undefined,
);
const detailed = new RuleList(details, ({ slots }) => ({ slots }));

/** `body` holds the counts of a raw answer, which count where no attribute says any. */
export function usageOfSpan(reader: SpanReader, body: Counts | undefined, exclusive: ExclusiveInput | undefined): JsonObject | undefined {
  const counts = detailCounts(reader);
  counts.exclusiveInput = exclusive !== undefined;
  addGroups(reader, counts);
  if (exclusive === 'unless summed' && counts.total === (counts.input ?? 0) + (counts.output ?? 0)) counts.exclusiveInput = false;
  if (body !== undefined) complete(counts, body);
  const usage = hasBase(counts) ? inclusive(counts, reader) : undefined;
  if (usage !== undefined) useTold(reader, usage);
  const withCosts = costsOf(reader, usage);
  return isVoid(withCosts) ? undefined : withCosts;
}

/** Uses up the attributes whose numbers `usage` tells. One that was corrected stays visible as it was sent. */
export function useTold(reader: SpanReader, usage: JsonObject): void {
  for (const group of reader.rulesOf(groups)) {
    useEqual(reader, group.input, usage.input_tokens);
    useEqual(reader, group.output, usage.output_tokens);
    useEqual(reader, group.total, usage.total_tokens);
  }
  for (const { input, name, slots } of reader.rulesOf(detailed)) {
    useEqual(reader, slots, memberOf(input ? usage.input_token_details : usage.output_token_details, name) ?? 0);
  }
}

function useEqual(reader: SpanReader, slots: readonly Slot[], count: Json | undefined): void {
  if (count === undefined) return;
  for (const slot of slots) if (reader.peekInt(slot) === count) reader.use(slot);
}

function detailCounts(reader: SpanReader): Counts {
  const counts = newCounts();
  for (const { input, name, slots } of reader.rulesOf(detailed)) {
    const count = reader.peekFirstInt(slots);
    if (count !== undefined) (input ? counts.inputDetails : counts.outputDetails).set(name, count);
  }
  return counts;
}

/** The base counts come from one group of attributes, the first that has any: groups do not mix. */
function addGroups(reader: SpanReader, counts: Counts): void {
  for (const group of reader.rulesOf(groups)) {
    const read = group.read?.(reader);
    if (read !== undefined) complete(counts, read);
    if (hasBase(counts)) continue;
    counts.input = reader.peekFirstInt(group.input);
    counts.output = reader.peekFirstInt(group.output);
    counts.total = reader.peekFirstInt(group.total);
  }
  if (!hasBase(counts)) return;
  if (counts.input !== undefined && counts.output !== undefined) counts.total ??= laterTotal(reader);
}

/** A total is sometimes said in other words than its parts. */
function laterTotal(reader: SpanReader): number | undefined {
  for (const { total } of reader.rulesOf(groups)) {
    const count = reader.peekFirstInt(total);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** The decision of mapping §10.5, and the ten keys of §10.1. */
export function inclusive(counts: Counts, reader: SpanReader): JsonObject {
  const { inputDetails, outputDetails } = counts;
  if (inputDetails.has('ephemeral_5m_input_tokens') || inputDetails.has('ephemeral_1h_input_tokens')) splitCreation(inputDetails);
  const cached = cacheTokens(inputDetails);
  const reasoning = outputDetails.get('reasoning') ?? 0;
  let { input, output } = counts;
  const { total } = counts;
  if (input !== undefined && cached > 0) {
    const missing = total === input + (output ?? 0) + cached || cached > input;
    if (counts.exclusiveInput || missing) input += cached;
  }
  if (output !== undefined && reasoning > 0) {
    const missing = total === (input ?? 0) + output + reasoning || reasoning > output;
    if (counts.exclusiveOutput || missing) output += reasoning;
  }
  return usageOf(input, output, total, inputDetails, outputDetails, reader);
}

function cacheTokens(inputDetails: ReadonlyMap<string, number>): number {
  let tokens = 0;
  for (const [name, count] of inputDetails) if (/^(?:cache_|ephemeral_)/.test(name)) tokens += count;
  return tokens;
}

/** The split by time to live says what the sum says; both together would be charged twice. */
function splitCreation(inputDetails: Map<string, number>): void {
  inputDetails.delete('cache_creation');
}

function usageOf(
  input: number | undefined,
  output: number | undefined,
  total: number | undefined,
  inputDetails: ReadonlyMap<string, number>,
  outputDetails: ReadonlyMap<string, number>,
  reader: SpanReader,
): JsonObject {
  const usage = emptyObject();
  if (input !== undefined) usage.input_tokens = input;
  if (output !== undefined) usage.output_tokens = output;
  const sum = (input ?? 0) + (output ?? 0);
  const partial = input === undefined || output === undefined;
  if (total !== undefined && total > sum && !partial) reader.warn('the total of tokens is more than input and output');
  usage.total_tokens = total !== undefined && total >= sum ? total : sum;
  addDetails(usage, 'input_token_details', inputDetails, input, reader);
  addDetails(usage, 'output_token_details', outputDetails, output, reader);
  return usage;
}

function addDetails(
  usage: JsonObject,
  key: string,
  given: ReadonlyMap<string, number>,
  total: number | undefined,
  reader: SpanReader,
): void {
  if (total === undefined || given.size === 0) return;
  const modalities = ['audio', 'image', 'video'].some((name) => (given.get(name) ?? 0) > 0);
  const kept = emptyObject();
  for (const [name, count] of given) {
    if (count === 0 || (name === 'text' && !modalities)) continue;
    if (count > total) reader.warn(`more ${name} tokens than tokens`);
    kept[name] = Math.min(count, total);
  }
  if (!isVoid(kept)) usage[key] = kept;
}
