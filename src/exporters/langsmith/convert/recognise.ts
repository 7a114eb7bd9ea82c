import type { Dialect, ExclusiveInput } from './dialect.ts';
import type { DialectSet } from './dialect-set.ts';
import { dialects, dialectsOfEvent, dialectsOfScope } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const asked = dialects.flatMap(({ recognise }, number) => (recognise === undefined ? [] : [{ recognise, number }]));

export interface Recognised {
  /** Names of the dialects that the span is of. */
  readonly ids: readonly string[];
  /** For `ls_integration`; '' where none of them has one. */
  readonly integration: string;
  /** LangSmith's own SDK: what it sends is a run already. */
  readonly sdk: boolean;
  /** Input tokens do not include what came from a cache. */
  readonly exclusiveInput: ExclusiveInput | undefined;
  /** Corrects a time to the first token that is written in other units than the convention's. */
  readonly firstTokenScale: number;
  /** `ls_modality`; '' for text. */
  readonly modality: string;
  /** Write what only spans of one dialect say. */
  readonly facts: readonly NonNullable<Dialect['facts']>[];
  /** Reads a record that the span may carry. */
  readonly record: Dialect['record'];
}

/** By the dialects' bits. */
const byPattern = new Map<number, Map<number, Recognised>>();
const patternsMax = 4_096;
let patternCount = 0;

/** Completes the reader's dialects by scope and events, which say as much as attributes do (mapping §3.5). */
export function recogniseDialects(reader: SpanReader): Recognised {
  const present = reader.dialects;
  for (const number of dialectsOfScope(reader.scope.name)) present.add(number);
  for (const { name } of reader.occurrences) for (const number of dialectsOfEvent(name)) present.add(number);
  for (const { recognise, number } of asked) if (recognise(reader)) present.add(number);
  return of(present);
}

function of(present: DialectSet): Recognised {
  let byLow = byPattern.get(present.high);
  if (byLow === undefined) byPattern.set(present.high, (byLow = new Map()));
  let known = byLow.get(present.low);
  if (known === undefined) {
    if (++patternCount > patternsMax) {
      byPattern.clear();
      byPattern.set(present.high, (byLow = new Map()));
      patternCount = 1;
    }
    known = recognised(dialects.filter((_, number) => present.has(number)));
    byLow.set(present.low, known);
  }
  return known;
}

function recognised(of: readonly Dialect[]): Recognised {
  const sdk = of.some(({ id }) => id === 'langsmith-sdk');
  return {
    ids: of.map(({ id }) => id),
    integration: sdk ? '' : (of.find(({ integration }) => integration !== undefined)?.integration ?? ''),
    sdk,
    exclusiveInput: of.find(({ exclusiveInput }) => exclusiveInput !== undefined)?.exclusiveInput,
    firstTokenScale: of.find(({ firstTokenScale }) => firstTokenScale !== undefined)?.firstTokenScale ?? 1,
    modality: of.find(({ modality }) => modality !== undefined)?.modality ?? '',
    facts: of.flatMap(({ facts }) => facts ?? []),
    record: of.find(({ record }) => record !== undefined)?.record,
  };
}
