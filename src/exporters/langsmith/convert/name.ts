import { unquoted } from './coerce.ts';
import type { NameRule } from './dialect.ts';
import type { Json } from './json.ts';
import { stringOf } from './json.ts';
import { slot } from './keys.ts';
import type { Kind } from './kind.ts';
import { RuleList } from './rule-list.ts';
import { names } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const langsmithName = slot('langsmith.trace.name');
const named = new RuleList(names, ({ slot }) => ({ slots: [slot] }));

/** The run's name: stable, because LangSmith's dashboards join by it (mapping §5). */
export function nameOf(reader: SpanReader, kind: Kind, runName: Json | undefined, ofRecord: string): string {
  return reader.takeText(langsmithName) ?? (ofRecord || undefined) ?? stringOf(runName) ?? attributeName(reader, kind) ?? spanName(reader);
}

function spanName({ span, scope }: SpanReader): string {
  return span.name || scope.name || 'span';
}

function attributeName(reader: SpanReader, kind: Kind): string | undefined {
  for (const { slot, only, read } of reader.rulesOf(named)) {
    if (only !== undefined && !applies(reader, kind, only)) continue;
    const text = reader.peekText(slot);
    const name = text === undefined ? undefined : read === undefined ? unquoted(text) : read(reader);
    if (name === undefined) continue;
    if (only !== 'agent' && read === undefined) reader.use(slot);
    return name;
  }
  return undefined;
}

function applies(reader: SpanReader, kind: Kind, only: NonNullable<NameRule['only']>): boolean {
  switch (only) {
    case 'tool':
    case 'chain':
    case 'prompt':
      return kind.runType === only;
    case 'agent':
      return kind.agent || kind.middleware;
    case 'root':
      return reader.span.parentSpanId === '';
  }
}
