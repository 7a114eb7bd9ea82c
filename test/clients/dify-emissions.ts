/**
 * What Dify emits, as far as it travels as OTLP: trace information under `dify.<field>` (one span for each trace type of Dify's Langfuse tables, with
 * every field that those tables read or list), the same as `dify.ops` writes it natively, a node of the app's own OpenTelemetry, and the OpenInference
 * form of its unified provider.
 */
type Json = Readonly<Record<string, unknown>>;
export interface KeyValue {
  readonly key: string;
  readonly value: Json;
}

const shared = ['start_time', 'end_time', 'inputs', 'outputs', 'metadata'];
const source = [
  'status',
  'from_end_user_id',
  'from_account_id',
  'agent_based',
  'workflow_run_id',
  'from_source',
  'ls_provider',
  'ls_model_name',
];

/** Fields by trace type, those of the tables and of the lists under them. */
export const langfuseTables: Readonly<Record<string, readonly string[]>> = {
  workflow: [
    ...shared,
    ...['workflow_app_log_id', 'workflow_run_id', 'workflow_id', 'user_session_id', 'conversation_id', 'conversation_mode', 'message_id'],
    ...['tenant_id', 'elapsed_time', 'status', 'version', 'total_tokens', 'file_list', 'triggered_from', 'query', 'error'],
    ...['workflow_run_inputs', 'workflow_run_outputs', 'workflow_node_executions'],
  ],
  message: [
    ...[
      ...shared,
      ...source,
      'message_id',
      'message_data',
      'user_session_id',
      'conversation_id',
      'conversation_mode',
      'conversation_model',
    ],
    ...['message_tokens', 'answer_tokens', 'total_tokens', 'error', 'file_list', 'message_file_data'],
  ],
  moderation: [...shared, 'message_id', 'user_id', 'workflow_app_log_id', 'message_data', 'flagged', 'action', 'preset_response'],
  suggested_question: [
    ...[...shared, ...source, 'message_id', 'message_data', 'user_id', 'total_tokens', 'error', 'model_provider', 'model_id'],
    ...['suggested_question', 'level', 'status_message'],
  ],
  dataset_retrieval: [...shared, ...source, 'message_id', 'message_data', 'user_id', 'documents'],
  tool: [
    ...[...shared, 'message_id', 'message_data', 'user_id', 'tool_name', 'tool_inputs', 'tool_outputs', 'tool_config', 'tool_parameters'],
    ...['time_cost', 'error', 'file_url', 'message_file_id', 'created_by_role', 'created_user_id'],
  ],
  generate_name: [...shared, 'conversation_id', 'tenant_id', 'user_id'],
};

const text = (value: string): Json => ({ stringValue: value });
const map = (...values: readonly KeyValue[]): Json => ({ kvlistValue: { values } });
const list = (...values: readonly Json[]): Json => ({ arrayValue: { values } });
const entry = (key: string, value: Json): KeyValue => ({ key, value });

const lists = new Set(['file_list', 'documents', 'suggested_question', 'workflow_node_executions']);
const objects =
  /^(?:inputs|outputs|metadata|message_data|message_file_data|tool_(?:inputs|outputs|config|parameters)|workflow_run_(?:in|out)puts)$/;

function sample(field: string): Json {
  if (lists.has(field))
    return list(text(`${field} 1`), map(entry('url', text('https://example.com/ü.png')), entry('size', { intValue: '9007199254740993' })));
  if (objects.test(field))
    return map(entry('question', text('Wie warm ist es? 🌤')), entry('nested', list({ boolValue: true }, { doubleValue: 0.1 })));
  if (/_tokens$/.test(field)) return { intValue: '42' };
  if (/^(?:elapsed_time|time_cost)$/.test(field)) return { doubleValue: 1.25 };
  if (/^(?:flagged|agent_based)$/.test(field)) return { boolValue: false };
  return text(field.endsWith('_time') ? '2026-01-01T00:00:00.123456' : `the ${field}`);
}

export interface Emitted {
  readonly scope: string;
  readonly name: string;
  readonly attributes: readonly KeyValue[];
  readonly message?: string;
}

const traceInfo = Object.entries(langfuseTables).map(([type, fields]): Emitted => {
  const attributes = [entry('dify.trace_type', text(type)), ...fields.map((field) => entry(`dify.${field}`, sample(field)))];
  return { scope: '', name: type, attributes, ...(fields.includes('error') ? { message: 'the error' } : {}) };
});

const native: Emitted = {
  scope: 'dify.ops',
  name: 'message',
  attributes: [
    entry('operation_type', text('message')),
    ...['message.id', 'conversation.id', 'session.id', 'user.id', 'workflow.run_id', 'tenant_id', 'app_id'].map((key) =>
      entry(`dify.${key}`, text(key)),
    ),
    entry('dify.inputs', sample('inputs')),
    entry('dify.outputs', sample('outputs')),
    entry('dify.usage', map(entry('prompt_tokens', { intValue: '10' }), entry('total_price', text('0.01')))),
    entry('dify.events', list(map(entry('name', text('started'))))),
  ],
};

const node: Emitted = {
  scope: 'dify',
  name: 'LLM 1',
  attributes: [
    entry('gen_ai.framework', text('dify')),
    entry('node.type', text('llm')),
    entry('gen_ai.prompt', text('[{"role":"user","text":"q","files":[]}]')),
    entry('gen_ai.completion', text('a')),
    entry('gen_ai.usage.input_tokens', { intValue: '5' }),
    entry('gen_ai.user.time_to_first_token', { intValue: '150000000' }),
  ],
};

const unified: Emitted = {
  scope: 'dify',
  name: 'chat',
  attributes: [
    entry('openinference.span.kind', text('LLM')),
    entry('dify.span.id', text('s')),
    entry('session.id', text('us1')),
    entry('metadata', text('{"trace_entity_type":"message","created_from":"Dify"}')),
    entry('input.value', text('hi')),
    entry('output.value', text('hello')),
  ],
};

export const difyEmissions: readonly Emitted[] = [...traceInfo, native, node, unified];
