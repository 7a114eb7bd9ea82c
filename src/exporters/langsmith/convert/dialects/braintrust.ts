import { memberOf } from '../coerce.ts';
import { content, type Dialect } from '../dialect.ts';
import { stringOf } from '../json.ts';
import { countsInBraintrust } from '../json-usage.ts';
import { slot } from '../keys.ts';
import type { KindText } from '../kind.ts';

const everything = ['llm', 'embedding', 'retriever', 'rerank', 'tool', 'chain'] as const;
const attributes = slot('braintrust.span_attributes');
const kinds: ReadonlyMap<string, KindText> = new Map([
  ['llm', 'llm'],
  ['tool', 'tool'],
  ['function', 'chain'],
  ['task', 'chain'],
  ['eval', 'chain'],
  ['score', 'chain'],
]);

/** Braintrust: most values are JSON text. Its scores are feedback: `../feedback.ts`. */
export const braintrust: Dialect = {
  id: 'braintrust',
  rank: 20,
  integration: 'braintrust-otel',
  signs: { attributes: ['braintrust.*'] },
  kinds: [
    {
      rank: 4,
      key: 'braintrust.span_attributes',
      read: (reader) => kinds.get(stringOf(memberOf(reader.peekJson(attributes), 'type')) ?? ''),
    },
  ],
  contents: [
    content(everything, 'inputs', 3, 'braintrust.input_json'),
    content(everything, 'inputs', 3.1, 'braintrust.input'),
    content(everything, 'outputs', 3, 'braintrust.output_json'),
    content(everything, 'outputs', 3.1, 'braintrust.output'),
  ],
  nested: [{ field: 'provider', key: 'braintrust.metadata', path: ['provider'] }],
  usage: [{ rank: 14, read: countsInBraintrust }],
  costs: { total_cost: [[92, 'braintrust.metrics.estimated_cost']] },
  firstToken: [{ rank: 2, key: 'braintrust.metrics', member: 'time_to_first_token', unit: 'seconds' }],
  metadata: [{ rank: 45, key: 'braintrust.metadata' }],
  tags: ['braintrust.tags'],
  parameters: [
    { rank: 50, key: 'braintrust.metadata', rename: { model: 'model', temperature: 'temperature', max_tokens: 'max_tokens', '*': '' } },
  ],
};
