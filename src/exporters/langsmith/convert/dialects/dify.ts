import { content, type Dialect } from '../dialect.ts';
import { difyRecord } from '../dify/record.ts';
import { countsInDify } from '../json-usage.ts';
import { slot } from '../keys.ts';

const framework = slot('gen_ai.framework');
const metadata = slot('metadata');

/** Dify, in all five ways in which its data arrive (mapping §19). Its trace types are records: `../dify/`. */
export const dify: Dialect = {
  id: 'dify',
  rank: 30,
  integration: 'dify-otel',
  signs: { scopes: ['dify.ops'], attributes: ['dify.*', 'dify_trace_id', 'dify_project_name'] },
  recognise: (reader) =>
    reader.peekText(framework) === 'dify' ||
    (reader.has(metadata) && /"trace_entity_type"|"created_from": ?"[Dd]ify"/.test(reader.peekText(metadata) ?? '')),
  record: (reader, { difyUsageOwner = 'message' }) => difyRecord(reader, difyUsageOwner),
  fields: {
    provider: [[50, 'model_provider']],
    userId: ['dify.user.id', 'dify.user_id'],
    conversation: [
      [20, 'dify.conversation.id'],
      [21, 'dify.conversation_id'],
    ],
    otherProject: [[61, 'dify_project_name']],
    error: [[32, 'dify.error']],
  },
  contents: [
    content('chain', 'inputs', 4.5, 'dify.inputs'),
    content('chain', 'outputs', 4.5, 'dify.outputs'),
    content('retriever', 'outputs', 3.5, 'retrieval.document'),
  ],
  usage: [{ rank: 6, read: countsInDify }],
  firstToken: [
    { rank: 11, key: 'dify.usage', member: 'time_to_first_token', unit: 'seconds' },
    { rank: 11, key: 'gen_ai_server_time_to_first_token', unit: 'seconds' },
  ],
  metadata: [
    { rank: 25, key: 'dify.metadata' },
    { rank: 26, prefix: 'dify.metadata.' },
  ],
  parameters: [{ rank: 15, key: 'is_streaming_request', parameter: 'stream' }],
  failures: { 'dify.span.status': 'error' },
};
