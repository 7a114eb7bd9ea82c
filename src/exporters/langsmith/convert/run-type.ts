import { family, matches, slot } from './keys.ts';
import { type Kind, kindOf } from './kind.ts';
import { RuleList } from './rule-list.ts';
import { fields, kinds, spanNames } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const words = new RuleList(kinds, ({ slot }) => ({ slots: [slot] }));

/** What kind of run a span becomes: the first attribute that says it in known words, then what is there at all, then its name (mapping §4.1). */
export function kindOfSpan(reader: SpanReader, ofRecord: Kind | undefined): Kind {
  return said(reader, ofRecord) ?? evident(reader) ?? named(reader) ?? kindOf('chain');
}

function said(reader: SpanReader, ofRecord: Kind | undefined): Kind | undefined {
  for (const { slot, byValue, read, lossless, explicit } of reader.rulesOf(words)) {
    if (!explicit && ofRecord !== undefined) return ofRecord;
    const value = reader.peekText(slot);
    if (value === undefined) continue;
    const lower = wordOf(value);
    const text = read?.(reader, lower);
    const kind = text !== undefined ? kindOf(text) : (byValue.get(lower) ?? byValue.get(firstWord(lower)));
    if (kind === undefined) continue;
    if (lossless && kind.runType === lower) reader.use(slot);
    return kind;
  }
  return ofRecord;
}

/** In lower case, without the quotes of a text that was written as JSON. */
function wordOf(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('"') ? lower.replace(/^"|"$/g, '') : lower;
}

function firstWord(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text : text.slice(0, space);
}

const toolSigns = [
  'gen_ai.tool.name',
  'gen_ai.tool.call.id',
  'ai.toolCall.name',
  'tool.name',
  'lk.function_tool.name',
  'tool.function_name',
  'tool_arguments',
].map(slot);
const retrieverSigns = ['retrieval.documents', 'gen_ai.retrieval.documents', 'retrieval.query'].map(slot);
const retrievedDocuments = family('retrieval.documents.', true);
const embeddings = family('embedding.embeddings.', true);
const embeddingModel = slot('embedding.model_name');
const messageSigns = ['gen_ai.input.messages', 'gen_ai.output.messages', 'request_data', 'response_data'].map(slot);
const messageFamilies = ['llm.input_messages.', 'llm.output_messages.', 'gen_ai.prompt.', 'gen_ai.completion.'].map((prefix) =>
  family(prefix, true),
);
const tokenSigns = ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'llm.token_count.prompt', 'llm.token_count.completion'].map(
  slot,
);

/** Without a word for the kind: a tool's name, documents, vectors, messages or tokens beside a model (mapping §4.1, step 12). */
function evident(reader: SpanReader): Kind | undefined {
  const messages = hasMessages(reader);
  if (!messages && reader.hasAny(toolSigns)) return kindOf('tool');
  if (reader.hasAny(retrieverSigns) || reader.members(retrievedDocuments).length > 0) return kindOf('retriever');
  if (reader.has(embeddingModel) || reader.members(embeddings).length > 0) return kindOf('embedding');
  if ((messages || reader.hasAny(tokenSigns)) && (reader.hasAny(fields.model) || reader.hasAny(messageSigns))) return kindOf('llm');
  return undefined;
}

function hasMessages(reader: SpanReader): boolean {
  if (reader.hasAny(messageSigns)) return true;
  for (const members of messageFamilies) if (reader.members(members).length > 0) return true;
  return reader.occurrences.some(({ name }) => /^gen_ai\.(?:(?:system|user|assistant|tool)\.message|choice)$/.test(name));
}

/** A span's name counts only for the dialects that it is of. */
function named(reader: SpanReader): Kind | undefined {
  for (let dialect = 0; dialect < spanNames.length; dialect++) {
    if (!reader.dialects.has(dialect)) continue;
    for (const [pattern, kind] of spanNames[dialect] ?? []) if (matches(pattern, reader.span.name)) return kind;
  }
  return undefined;
}
