import type { Dialect } from '../dialect.ts';
import { isArray, isText, type Json, textOf } from '../json.ts';
import { jsonOf } from '../json-text.ts';
import type { SpanReader } from '../span-reader.ts';

const rawSpan = 'raw_gen_ai_request';
const rawMessages = /^llm\.[\w.-]{1,64}\.messages$/;

/** What the provider was sent, by its name: `llm.<provider>.messages`, JSON or as Python prints it. Only such spans are searched for it. */
function rawInput(reader: SpanReader): Json | undefined {
  if (reader.span.name !== rawSpan) return undefined;
  for (let at = 0; at < reader.length; at++) {
    if (!rawMessages.test(reader.planAt(at)?.key ?? '')) continue;
    const leaf = reader.leafAt(at);
    const messages = isText(leaf) ? jsonOf(textOf(leaf), { pythonRepr: true }) : undefined;
    if (!isArray(messages) || messages.length === 0) continue;
    reader.useAt(at);
    return messages;
  }
  return undefined;
}

/** LiteLLM: semantic conventions, costs by part, and metadata in Python's notation. */
export const litellm: Dialect = {
  id: 'litellm',
  rank: 30,
  integration: 'litellm-otel',
  signs: { scopes: ['litellm'], attributes: ['hidden_params'] },
  logScopes: ['litellm'],
  spanNames: {
    litellm_request: 'llm',
    [rawSpan]: 'chain exclude',
    guardrail: 'chain middleware',
    'Received Proxy Server Request': 'chain',
  },
  contents: [{ to: ['llm', 'chain'], side: 'inputs', rank: 16.5, read: rawInput, own: true, conversation: true }],
  metadata: [{ rank: 55, prefix: 'metadata.', pythonRepr: true, except: ['tags'] }],
};
