/**
 * Attribute names become numbers once, at load. Every name that a rule mentions has a slot; every prefix that a rule mentions is a family
 * (`gen_ai.prompt.N.…`, `langsmith.metadata.…`). What is known of a key stands in its plan; a plan is made once per distinct key and kept,
 * so that a span's attributes are classified by one map look-up each.
 */
export type Slot = number;
export type Family = number;
/** A bit of what rules ask for: a span that has none of a topic's attributes is spared its rules. */
export type Topic = number;

export interface Plan {
  readonly key: string;
  /** What it is called in the metadata. */
  readonly name: string;
  /** -1: no rule mentions this name. */
  readonly slot: Slot;
  /** -1: in no family. */
  readonly family: Family;
  /** For an indexed family the number behind the prefix, else -1. */
  readonly index: number;
  /** What follows the prefix (and the index). */
  readonly rest: string;
  /** The same, segment by segment; beyond the sixteenth they are not told apart. */
  readonly path: readonly string[];
  /** Dialects that this key is a sign of. */
  readonly signals: readonly number[];
  /** Topics that this key belongs to, as bits. */
  readonly topics: number;
  /** Left over, it is kept out of the metadata and goes to `extra.otel` only (mapping §14.1). */
  readonly private: boolean;
}

interface FamilyRule {
  readonly prefix: string;
  readonly indexed: boolean;
}

const plansMax = 16_384;
const indexMax = 4_095;
const pathMax = 16;

const slots = new Map<string, Slot>();
const families: FamilyRule[] = [];
const signals: { readonly pattern: string; readonly dialect: number }[] = [];
const privatePatterns = new Set<string>();
const renames = new Map<string, string>();
const topicsOfSlot = new Map<Slot, number>();
const topicsOfFamily = new Map<Family, number>();
let topicCount = 0;
const plans = new Map<string, Plan>();

/** The slot of an attribute name; for use while modules load. */
export function slot(name: string): Slot {
  let found = slots.get(name);
  if (found === undefined) {
    found = slots.size;
    slots.set(name, found);
  }
  return found;
}

/** The attribute name of a slot, for the reference of the mapping. */
export function slotName(slot: Slot): string {
  for (const [name, number] of slots) if (number === slot) return name;
  return '';
}

/** The family of keys that start with `prefix` (which ends in a dot). With `indexed`, the next segment has to be a number below 4096. */
export function family(prefix: string, indexed = false): Family {
  const found = families.findIndex((rule) => rule.prefix === prefix);
  if (found >= 0) return found;
  families.push({ prefix, indexed });
  return families.length - 1;
}

/** The topic of these attributes; -1 stands for none of them. For use while modules load: there are 31 topics at most. */
export function topic(slots: readonly Slot[], families: readonly Family[] = []): Topic {
  const bit = 1 << topicCount++;
  for (const slot of slots) topicsOfSlot.set(slot, (topicsOfSlot.get(slot) ?? 0) | bit);
  for (const family of families) topicsOfFamily.set(family, (topicsOfFamily.get(family) ?? 0) | bit);
  return bit;
}

/** Says that a key, or with a final `*` every key that starts so, is a sign of a dialect. */
export function signal(pattern: string, dialect: number): void {
  signals.push({ pattern, dialect });
}

/** Keeps a key, or with a final `*` every key that starts so, out of the metadata when it is left over. */
export function keepPrivate(pattern: string): void {
  privatePatterns.add(pattern);
}

/** Calls a key by another name in the metadata. */
export function rename(key: string, name: string): void {
  renames.set(key, name);
}

export const slotCount = (): number => slots.size;

export function matches(pattern: string, text: string): boolean {
  if (!pattern.endsWith('*')) return text === pattern;
  return pattern.startsWith('*') ? text.includes(pattern.slice(1, -1)) : text.startsWith(pattern.slice(0, -1));
}

export function planOf(key: string): Plan {
  const known = plans.get(key);
  if (known !== undefined) return known;
  // Keys come from outside, so the plans that are kept are bounded: when there are too many, all are forgotten.
  if (plans.size >= plansMax) plans.clear();
  const made = makePlan(key);
  plans.set(key, made);
  return made;
}

function makePlan(key: string): Plan {
  const member = memberOf(key);
  const slot = slots.get(key) ?? -1;
  const family = member?.family ?? -1;
  return {
    key,
    name: renames.get(key) ?? key,
    slot,
    family,
    index: member?.index ?? -1,
    rest: member?.rest ?? '',
    path: member === undefined || member.rest === '' ? [] : member.rest.split('.', pathMax),
    signals: [...new Set(signals.filter(({ pattern }) => matches(pattern, key)).map(({ dialect }) => dialect))],
    topics: (slot < 0 ? 0 : (topicsOfSlot.get(slot) ?? 0)) | (family < 0 ? 0 : (topicsOfFamily.get(family) ?? 0)),
    private: isPrivate(key),
  };
}

function isPrivate(key: string): boolean {
  for (const pattern of privatePatterns) if (matches(pattern, key)) return true;
  return false;
}

/** The longest family that the key is in. */
function memberOf(key: string): { family: Family; index: number; rest: string } | undefined {
  let best: { family: Family; index: number; rest: string } | undefined;
  let longest = 0;
  for (const [number, { prefix, indexed }] of families.entries()) {
    if (prefix.length <= longest || !key.startsWith(prefix)) continue;
    const tail = key.slice(prefix.length);
    if (tail === '') continue;
    if (!indexed) {
      best = { family: number, index: -1, rest: tail };
      longest = prefix.length;
      continue;
    }
    const match = /^(\d{1,5})(?:\.(.+))?$/.exec(tail);
    if (!match || Number(match[1]) > indexMax) continue;
    best = { family: number, index: Number(match[1]), rest: match[2] ?? '' };
    longest = prefix.length;
  }
  return best;
}

/** Below it, items are inserted one by one: the engine's own sort costs memory. */
const fewItems = 24;

/** Sorts in place: nearly always the items are few, or stand in their order already. */
export function inOrder<Item>(items: Item[], order: (one: Item, other: Item) => number): Item[] {
  for (let end = 1; end < items.length; end++) {
    const item = items[end]!;
    if (order(items[end - 1]!, item) <= 0) continue;
    if (items.length > fewItems) return items.sort(order);
    let at = end;
    for (; at > 0 && order(items[at - 1]!, item) > 0; at--) items[at] = items[at - 1]!;
    items[at] = item;
  }
  return items;
}

/** Order of keys: by UTF-16 code units, the same everywhere. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
