/**
 * Attribute names become numbers once, at load. Every name that a rule mentions has a slot; every prefix that a rule mentions is a family
 * (`gen_ai.prompt.N.…`, `langsmith.metadata.…`). What is known of a key stands in its plan; a plan is made once per distinct key and kept,
 * so that a span's attributes are classified by one map look-up each.
 */
export type Slot = number;
export type Family = number;

export interface Plan {
  readonly key: string;
  /** -1: no rule mentions this name. */
  readonly slot: Slot;
  /** -1: in no family. */
  readonly family: Family;
  /** For an indexed family the number behind the prefix, else -1. */
  readonly index: number;
  /** What follows the prefix (and the index). */
  readonly rest: string;
  /** Dialects that this key is a sign of. */
  readonly signals: readonly number[];
  /** Left over, it is kept out of the metadata and goes to `extra.otel` only (mapping §14.1). */
  readonly private: boolean;
}

interface FamilyRule {
  readonly prefix: string;
  readonly indexed: boolean;
}

const plansMax = 16_384;
const indexMax = 4_095;

const slots = new Map<string, Slot>();
const families: FamilyRule[] = [];
const signals: { readonly pattern: string; readonly dialect: number }[] = [];
const privatePatterns = new Set<string>();
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

/** Says that a key, or with a final `*` every key that starts so, is a sign of a dialect. */
export function signal(pattern: string, dialect: number): void {
  signals.push({ pattern, dialect });
}

/** Keeps a key, or with a final `*` every key that starts so, out of the metadata when it is left over. */
export function keepPrivate(pattern: string): void {
  privatePatterns.add(pattern);
}

export const slotCount = (): number => slots.size;
export const familyCount = (): number => families.length;

export function matches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
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
  return {
    key,
    slot: slots.get(key) ?? -1,
    family: member?.family ?? -1,
    index: member?.index ?? -1,
    rest: member?.rest ?? '',
    signals: [...new Set(signals.filter(({ pattern }) => matches(pattern, key)).map(({ dialect }) => dialect))],
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

/** Order of keys: by UTF-16 code units, the same everywhere. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
