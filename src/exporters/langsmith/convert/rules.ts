/** All dialects merged, once, at load: what the converter reads is these lists. */

import type {
  ContentSource,
  Dialect,
  FieldName,
  KindRule,
  MetadataRule,
  NameRule,
  Names,
  ParameterRule,
  Target,
  TimeUnit,
} from './dialect.ts';
import { dialects } from './dialects/dialects.ts';
import { type Family, family, keepPrivate, matches, rename, type Slot, signal, slot } from './keys.ts';
import { type Kind, kindOf } from './kind.ts';

export interface MergedKind {
  readonly slot: Slot;
  readonly byValue: ReadonlyMap<string, Kind>;
  readonly read: KindRule['read'];
  readonly lossless: boolean;
  /** It says in so many words what LangSmith's run type is. */
  readonly explicit: boolean;
}

export interface MergedSource extends ContentSource {
  /** -1 where the source reads for itself. */
  readonly slot: Slot;
  readonly dialect: number;
}

export interface MergedParameter extends ParameterRule {
  readonly slot: Slot;
  readonly family: Family;
}

export interface MergedMetadata extends MetadataRule {
  readonly slot: Slot;
  readonly family: Family;
}

type Ranked<Item> = { readonly rank: number; readonly item: Item };

/** Sorted by rank; equal ranks stay in the dialects' order. */
function ordered<Item>(items: Ranked<Item>[]): readonly Item[] {
  return items.sort((one, other) => one.rank - other.rank).map(({ item }) => item);
}

function collect<Item>(of: (dialect: Dialect, number: number) => readonly Ranked<Item>[]): readonly Item[] {
  return ordered(dialects.flatMap(of));
}

function rankedNames(names: Names | undefined, rank: number): Ranked<Slot>[] {
  return (names ?? []).map((name) => (typeof name === 'string' ? { rank, item: slot(name) } : { rank: name[0], item: slot(name[1]) }));
}

function mergeNames(names: (dialect: Dialect) => Names | undefined): readonly Slot[] {
  return collect((dialect) => rankedNames(names(dialect), dialect.rank));
}

const fieldNames: readonly FieldName[] = [
  'provider',
  'model',
  'requestModel',
  'userId',
  'environment',
  'release',
  'promptName',
  'promptVersion',
  'toolCallId',
  'conversation',
  'thread',
  'session',
  'projectId',
  'project',
  'otherProject',
  'finishReasons',
  'error',
];

export const fields = Object.fromEntries(fieldNames.map((name) => [name, mergeNames(({ fields }) => fields?.[name])])) as Readonly<
  Record<FieldName, readonly Slot[]>
>;

export const nestedFields = dialects.flatMap(({ nested }) => (nested ?? []).map((rule) => ({ ...rule, slot: slot(rule.key) })));

function mergeKind({ rank, key, values, read, lossless }: KindRule): MergedKind {
  const byValue = new Map(Object.entries(values ?? {}).map(([value, text]) => [value, kindOf(text)]));
  return { slot: slot(key), byValue, read, lossless: lossless === true, explicit: rank === 1 };
}

export const kinds = collect(({ kinds }) => (kinds ?? []).map((rule) => ({ rank: rule.rank, item: mergeKind(rule) })));

export const names = collect<NameRule & { readonly slot: Slot }>(({ names }) =>
  (names ?? []).map((rule) => ({ rank: rule.rank, item: { ...rule, slot: slot(rule.key) } })),
);

/** Per dialect: span names of last resort. */
export const spanNames: readonly (readonly (readonly [pattern: string, kind: Kind])[])[] = dialects.map(({ spanNames }) =>
  Object.entries(spanNames ?? {}).map(([pattern, text]) => [pattern, kindOf(text)] as const),
);

function sourcesOf(target: Target, side: 'inputs' | 'outputs'): readonly MergedSource[] {
  return collect(({ contents }, dialect) =>
    (contents ?? [])
      .filter(({ to, side: of }) => of === side && (typeof to === 'string' ? to === target : to.includes(target)))
      .map((source) => ({ rank: source.rank, item: { ...source, slot: source.key === undefined ? -1 : slot(source.key), dialect } })),
  );
}

const targets: readonly Target[] = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'];
const bySide = (side: 'inputs' | 'outputs') =>
  Object.fromEntries(targets.map((target) => [target, sourcesOf(target, side)])) as Readonly<Record<Target, readonly MergedSource[]>>;

export const inputSources = bySide('inputs');
export const outputSources = bySide('outputs');

const slotsOf = (names: readonly string[] | undefined): readonly Slot[] => (names ?? []).map(slot);

export const usageGroups = collect(({ usage }) =>
  (usage ?? []).map(({ rank, input, output, total, read }) => ({
    rank,
    item: { input: slotsOf(input), output: slotsOf(output), total: slotsOf(total), read },
  })),
);

function mergeByName(of: (dialect: Dialect) => Readonly<Record<string, Names>> | undefined): ReadonlyMap<string, readonly Slot[]> {
  const classes = new Set(dialects.flatMap((dialect) => Object.keys(of(dialect) ?? {})));
  return new Map([...classes].map((name) => [name, mergeNames((dialect) => of(dialect)?.[name])]));
}

export const usageDetails = mergeByName(({ usageDetails }) => usageDetails);
export const costs = mergeByName(({ costs }) => costs);

export const costDetails = collect(({ costDetails, rank }) => slotsOf(costDetails).map((item) => ({ rank, item })));

export const firstToken = collect<{ readonly slot: Slot; readonly unit: TimeUnit; readonly member: string | undefined }>(({ firstToken }) =>
  (firstToken ?? []).map(({ rank, key, unit, member }) => ({ rank, item: { slot: slot(key), unit, member } })),
);
export const firstTokenEvents: ReadonlySet<string> = new Set(dialects.flatMap(({ firstTokenEvents }) => firstTokenEvents ?? []));

export const metadataRules = collect<MergedMetadata>(({ metadata }) =>
  (metadata ?? []).map((rule) => ({
    rank: rule.rank,
    item: { ...rule, slot: rule.key === undefined ? -1 : slot(rule.key), family: rule.prefix === undefined ? -1 : family(rule.prefix) },
  })),
);

export const parameterRules = collect<MergedParameter>(({ parameters }) =>
  (parameters ?? []).map((rule) => ({
    rank: rule.rank,
    item: { ...rule, slot: rule.key === undefined ? -1 : slot(rule.key), family: rule.prefix === undefined ? -1 : family(rule.prefix) },
  })),
);

export const tagSlots = collect(({ tags, rank }) => slotsOf(tags).map((item) => ({ rank, item })));
export const toolSlots = collect(({ tools, rank }) => slotsOf(tools).map((item) => ({ rank, item })));
export const renames: ReadonlyMap<string, string> = new Map(dialects.flatMap(({ rename }) => Object.entries(rename ?? {})));
export const failures = dialects.flatMap(({ failures }) =>
  Object.entries(failures ?? {}).map(([key, value]) => ({ slot: slot(key), value })),
);

/** Dialects by scope name, remembered per name: a process has few. */
const scopePatterns = dialects.flatMap(({ signs }, dialect) => (signs.scopes ?? []).map((pattern) => ({ pattern, dialect })));
const eventPatterns = dialects.flatMap(({ signs }, dialect) => (signs.events ?? []).map((pattern) => ({ pattern, dialect })));
const found = new Map<string, readonly number[]>();
const foundMax = 4_096;

export function dialectsOfScope(name: string): readonly number[] {
  let known = found.get(name);
  if (known === undefined) {
    if (found.size >= foundMax) found.clear();
    known = scopePatterns.filter(({ pattern }) => matches(pattern, name)).map(({ dialect }) => dialect);
    found.set(name, known);
  }
  return known;
}

export function dialectsOfEvent(name: string): readonly number[] {
  return eventPatterns.filter(({ pattern }) => matches(pattern, name)).map(({ dialect }) => dialect);
}

const logPatterns = dialects.flatMap(({ logScopes }) => logScopes ?? []);
const logScopes = new Map<string, boolean>();

/** Whether the spans of this scope get their content from log records. */
export function isLogScope(name: string): boolean {
  let known = logScopes.get(name);
  if (known === undefined) {
    if (logScopes.size >= foundMax) logScopes.clear();
    known = logPatterns.some((pattern) => matches(pattern, name));
    logScopes.set(name, known);
  }
  return known;
}

/** Per event name: attributes that count as the span's, by their names in the event. */
export const eventAttributes: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  dialects.flatMap(({ events }) => Object.entries(events ?? {}).map(([event, names]) => [event, new Map(Object.entries(names))] as const)),
);

/** Per event name: the attribute by which its log record names the span that it means. */
export const eventTargets: ReadonlyMap<string, string> = new Map(
  dialects.flatMap(({ eventTargets }) => Object.entries(eventTargets ?? {})),
);

for (const [key, name] of renames) rename(key, name);
for (const [number, { signs, private: hidden, contents }] of dialects.entries()) {
  for (const pattern of signs.attributes ?? []) signal(pattern, number);
  for (const pattern of hidden ?? []) keepPrivate(pattern);
  // Content that another source beat is kept, but nobody filters by it.
  for (const { key } of contents ?? []) if (key !== undefined) keepPrivate(key);
}

export { dialects };
