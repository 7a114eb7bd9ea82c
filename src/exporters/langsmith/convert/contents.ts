/** Chooses where a run's inputs and outputs come from: the first source that says something (mapping §6.2–6.4). */
import { isEmptyContent, isRedactedContent } from './coerce.ts';
import type { Target } from './dialect.ts';
import { isObject, isText, type Json } from './json.ts';
import { isCutOff } from './json-text.ts';
import type { Kind } from './kind.ts';
import type { RuleList } from './rule-list.ts';
import type { MergedSource } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

export interface Content {
  readonly value: Json;
  readonly source: MergedSource;
}

export function targetOf(kind: Kind): Target {
  switch (kind.runType) {
    case 'llm':
    case 'embedding':
    case 'tool':
      return kind.runType;
    case 'retriever':
      return kind.rerank ? 'rerank' : 'retriever';
    default:
      return 'chain';
  }
}

/** A redaction mark, and JSON that was cut off, are better than nothing and worse than everything else (mapping §3.4, §3.2). */
export function chooseContent(reader: SpanReader, sources: RuleList<MergedSource>): Content | undefined {
  let lastResort: Content | undefined;
  for (const source of reader.rulesOf(sources)) {
    if (source.own === true && !reader.dialects.has(source.dialect)) continue;
    const value = source.slot >= 0 ? reader.peekJson(source.slot) : source.read?.(reader);
    if (value === undefined || (isEmptyContent(value) && !isSaid(value, source))) continue;
    const content = { value, source };
    if (isRedactedContent(value) || (isText(value) && isCutOff(value))) {
      lastResort ??= content;
      continue;
    }
    return used(reader, content);
  }
  return lastResort === undefined ? undefined : used(reader, lastResort);
}

/** A run of LangSmith's own SDK says that it has no inputs; from anybody else `{}` says nothing. */
function isSaid(value: Json, { own, verbatim }: MergedSource): boolean {
  return own === true && verbatim === true && isObject(value);
}

function used(reader: SpanReader, content: Content): Content {
  if (content.source.slot >= 0) reader.use(content.source.slot);
  return content;
}
