/** Spring AI logs what it sends and gets as lines of text (mapping §16): a heading and a list of texts, in quotes or without. */
import type { Json } from './json.ts';
import type { SpanReader } from './span-reader.ts';

export const springPrompt = (reader: SpanReader): Json | undefined =>
  textsOf(reader, 'Chat Model Prompt Content:')?.map((content) => ({ role: 'user', content }));

export const springCompletion = (reader: SpanReader): Json | undefined =>
  textsOf(reader, 'Chat Model Completion:')?.map((content) => ({ role: 'assistant', content }));

function textsOf(reader: SpanReader, heading: string): readonly string[] | undefined {
  for (const occurrence of reader.occurrences) {
    const { body } = occurrence;
    if (typeof body !== 'string' || !body.startsWith(heading)) continue;
    const texts = listOf(body.slice(heading.length).trim());
    if (texts.length === 0) continue;
    occurrence.used = true;
    return texts;
  }
  return undefined;
}

/** `["one", "two"]`, or a list without quotes, which nobody can split again. */
function listOf(text: string): readonly string[] {
  const quoted = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner]) => (inner ?? '').replace(/\\(["\\])/g, '$1'));
  if (/^\[\s*"[\s\S]*"\s*\]$/.test(text) && quoted.length > 0) return quoted;
  const plain = text.replace(/^\[([\s\S]*)\]$/, '$1').trim();
  return plain === '' ? [] : [plain];
}
