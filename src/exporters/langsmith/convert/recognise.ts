import type { Dialect } from './dialect.ts';
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
  readonly exclusiveInput: boolean;
  /** Corrects a time to the first token that is written in other units than the convention's. */
  readonly firstTokenScale: number;
  /** `ls_modality`; '' for text. */
  readonly modality: string;
  /** Reads a record that the span may carry. */
  readonly record: Dialect['record'];
}

/** By the dialects' bits, as one number: exact up to 53 of them. */
const byPattern = new Map<number, Recognised>();
const patternsMax = 4_096;

/** Completes the reader's dialects by scope and events, which say as much as attributes do (mapping §3.5). */
export function recogniseDialects(reader: SpanReader): Recognised {
  for (const number of dialectsOfScope(reader.scope.name)) reader.dialects[number] = 1;
  for (const { name } of reader.occurrences) for (const number of dialectsOfEvent(name)) reader.dialects[number] = 1;
  for (const { recognise, number } of asked) if (recognise(reader)) reader.dialects[number] = 1;
  let pattern = 0;
  for (const present of reader.dialects) pattern = pattern * 2 + present;
  let known = byPattern.get(pattern);
  if (known === undefined) {
    if (byPattern.size >= patternsMax) byPattern.clear();
    const present = dialects.filter((_, number) => reader.dialects[number] === 1);
    const sdk = present.some(({ id }) => id === 'langsmith-sdk');
    known = {
      ids: present.map(({ id }) => id),
      integration: sdk ? '' : (present.find(({ integration }) => integration !== undefined)?.integration ?? ''),
      sdk,
      exclusiveInput: present.some(({ exclusiveInput }) => exclusiveInput === true),
      firstTokenScale: present.find(({ firstTokenScale }) => firstTokenScale !== undefined)?.firstTokenScale ?? 1,
      modality: present.find(({ modality }) => modality !== undefined)?.modality ?? '',
      record: present.find(({ record }) => record !== undefined)?.record,
    };
    byPattern.set(pattern, known);
  }
  return known;
}
