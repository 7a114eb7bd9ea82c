import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import { Mark } from '../../src/model/draft.ts';
import { resourceOf, scopeOf } from '../../src/otlp/otlp.ts';
import { caller, draftOf, entriesOf, run, sent } from './spans.ts';

const message = 'bbbbbbbb-0000-4000-8000-000000000001';
const conversation = 'cccccccc-0000-4000-8000-000000000001';
const log = 'aaaaaaaa-0000-4000-8000-000000000001';
const workflowRun = 'aaaaaaaa-0000-4000-8000-000000000002';

/** Every field of the trace types in Dify's documentation, with a value of its kind. */
const fields = {
  workflow_id: 'wf',
  workflow_run_id: workflowRun,
  workflow_app_log_id: log,
  conversation_id: conversation,
  message_id: message,
  tenant_id: 'ten',
  user_id: 'u',
  user_session_id: 'us',
  elapsed_time: 1.5,
  status: 'normal',
  version: '3',
  total_tokens: 30,
  message_tokens: 20,
  answer_tokens: 10,
  file_list: ['f1'],
  message_file_data: { id: 'mf' },
  triggered_from: 'app-run',
  query: 'question',
  workflow_run_inputs: { q: 'in' },
  workflow_run_outputs: { a: 'out' },
  ls_provider: 'langgenius/openai/openai',
  ls_model_name: 'gpt-4o',
  from_end_user_id: 'eu',
  from_account_id: 'acc',
  agent_based: true,
  from_source: 'api',
  conversation_mode: 'chat',
  action: 'overridden',
  flagged: true,
  preset_response: 'no',
  suggested_question: ['a?', 'b?'],
  level: 'DEFAULT',
  status_message: 'fine',
  documents: [{ content: 'c', title: 't', metadata: { score: 0.5 } }],
  tool_name: 'search',
  tool_inputs: { q: 'tool in' },
  tool_outputs: 'tool out',
  tool_config: { provider: 'builtin' },
  tool_parameters: { k: 1 },
  time_cost: 2.5,
  message_file_id: 'mfi',
  created_by_role: 'end_user',
  created_user_id: 'cu',
  file_url: 'https://files.example/1',
  inputs: 'hi',
  outputs: 'hello',
};

/** A field of the table, or what it is called in LangSmith. */
type Column = keyof typeof fields;

interface Row {
  readonly type: string;
  readonly runType: string;
  readonly id?: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly parent?: string;
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly usage?: unknown;
  readonly metadata: readonly Column[];
}

const said = { messages: [{ role: 'user', content: 'hi' }] };
const model = ['message_id', 'ls_provider', 'ls_model_name', 'status', 'from_end_user_id', 'from_account_id'] as const;
const answered = (content: string) => ({ choices: [{ index: 0, message: { role: 'assistant', content } }] });

const table: readonly Row[] = [
  {
    type: 'workflow',
    runType: 'chain',
    id: log,
    name: `workflow_${log}`,
    tags: ['workflow'],
    parent: conversation,
    inputs: fields.workflow_run_inputs,
    outputs: fields.workflow_run_outputs,
    usage: { total_tokens: 30 },
    metadata: [
      ...(['workflow_id', 'conversation_id', 'workflow_run_id', 'tenant_id', 'elapsed_time', 'status', 'version', 'total_tokens'] as const),
      ...(['file_list', 'triggered_from', 'user_session_id', 'query', 'workflow_app_log_id', 'message_id'] as const),
    ],
  },
  {
    type: 'message',
    runType: 'llm',
    id: message,
    name: `message_${message}`,
    tags: ['message', 'chat'],
    parent: conversation,
    inputs: said,
    outputs: answered('hello'),
    usage: { input_tokens: 20, output_tokens: 10, total_tokens: 30 },
    metadata: [
      ...model,
      ...([
        'conversation_id',
        'agent_based',
        'workflow_run_id',
        'from_source',
        'user_session_id',
        'file_list',
        'message_file_data',
      ] as const),
    ],
  },
  {
    type: 'moderation',
    runType: 'tool',
    name: 'moderation',
    tags: ['moderation'],
    parent: message,
    inputs: { input: 'hi' },
    outputs: { output: 'hello' },
    metadata: ['message_id', 'action', 'preset_response', 'user_id', 'flagged', 'workflow_app_log_id'],
  },
  {
    type: 'suggested_question',
    runType: 'llm',
    name: 'suggested_question',
    tags: ['suggested_question'],
    parent: message,
    inputs: said,
    outputs: answered('["a?","b?"]'),
    metadata: [...model, 'workflow_run_id', 'from_source', 'user_id', 'suggested_question', 'level', 'status_message', 'total_tokens'],
  },
  {
    type: 'dataset_retrieval',
    runType: 'retriever',
    name: 'dataset_retrieval',
    tags: ['dataset_retrieval'],
    parent: message,
    inputs: { query: 'hi' },
    outputs: { documents: [{ page_content: 'c', type: 'Document', metadata: { title: 't', score: 0.5 } }] },
    metadata: [...model, 'agent_based', 'workflow_run_id', 'from_source', 'user_id'],
  },
  {
    type: 'tool',
    runType: 'tool',
    name: 'search',
    tags: ['tool', 'search'],
    parent: message,
    inputs: fields.tool_inputs,
    outputs: { output: 'tool out' },
    metadata: [
      ...(['message_id', 'tool_name', 'tool_inputs', 'tool_outputs', 'tool_config', 'time_cost', 'tool_parameters'] as const),
      ...(['message_file_id', 'created_by_role', 'created_user_id', 'user_id', 'file_url'] as const),
    ],
  },
  {
    type: 'generate_name',
    runType: 'tool',
    name: 'generate_name',
    tags: ['generate_name'],
    inputs: { input: 'hi' },
    outputs: { output: 'hello' },
    metadata: ['conversation_id', 'tenant_id', 'user_id'],
  },
];

const prefixed = (type: string, more: object = {}) =>
  Object.fromEntries(Object.entries({ trace_type: type, ...fields, ...more }).map(([field, value]) => [`dify.${field}`, value]));

interface Dict {
  readonly [key: string]: unknown;
}
const metadataOf = (run: Dict) => (run.extra as { metadata: Dict }).metadata;

describe.each(table)("Dify's $type", (row) => {
  const draft = draftOf({ name: 'any', attributes: entriesOf(prefixed(row.type)) });
  const converted = runJson(draft);

  it('is the run that the table says', () => {
    expect(converted).toMatchObject({
      run_type: row.runType,
      id: row.id ?? '00000000-0000-0000-b7ad-6b7169203331',
      name: row.name,
      tags: row.tags,
      inputs: row.inputs,
      outputs: row.outputs,
      status: 'success',
    });
    expect(converted.parent_run_id).toBe(row.parent);
    expect(draft.skeleton.parentSoft).toBe(row.parent !== undefined);
    expect(metadataOf(converted).usage_metadata).toEqual(row.usage);
  });

  it.each(row.metadata)('has %s in its metadata', (field) => {
    expect(metadataOf(converted)[field]).toEqual(field === 'ls_provider' ? 'openai' : fields[field]);
  });

  it('leaves out what the span does not have', () => {
    expect(metadataOf(run({ 'dify.trace_type': row.type }))).not.toHaveProperty('message_id');
    expect(JSON.stringify(run({ 'dify.trace_type': row.type }))).not.toContain('null');
  });

  it('is the same with its fields in `dify.metadata`, and in the JSON of `metadata`', () => {
    const inMetadata = run({ 'dify.trace_type': row.type, 'dify.metadata': fields }, { name: 'any' });
    const inJson = run({ metadata: JSON.stringify({ trace_entity_type: row.type, ...fields }) }, { name: 'any' });
    for (const other of [inMetadata, inJson]) {
      for (const field of ['id', 'name', 'run_type', 'tags', 'parent_run_id', 'inputs', 'outputs'])
        expect(other[field]).toEqual(converted[field]);
      expect(metadataOf(other).usage_metadata).toEqual(row.usage);
      for (const field of row.metadata) expect(metadataOf(other)[field]).toEqual(metadataOf(converted)[field]);
    }
  });
});

describe('a failure of Dify', () => {
  it.each(['workflow', 'message', 'suggested_question', 'tool'])('of type %s is the error that it tells', (type) => {
    expect(run(prefixed(type, { error: 'broken' }))).toMatchObject({ status: 'error', error: 'broken' });
  });

  it('that was handled is none', () => {
    const handled = run({ 'dify.trace_type': 'tool', 'dify.span.status': 'handled_error', 'error.message': 'retried' });
    expect(handled).toMatchObject({ status: 'success', extra: { metadata: { handled_error: 'retried' } } });
  });
});

describe('the type of a record of Dify', () => {
  it.each([
    [{ 'dify.trace_type': 'message_trace' }, 'any', 'message'],
    [{ 'dify.trace_type': 'SuggestedQuestionTraceInfo' }, 'any', 'suggested_question'],
    [{ 'dify.app_id': 'a', operation_type: 'conversation' }, 'any', 'message'],
    [{ 'dify.span.type': 'operation', 'dify.app_id': 'a' }, 'moderation', 'moderation'],
    [{ metadata: '{"dify.span.kind":"workflow"}', 'dify.span.id': 's' }, 'any', 'workflow'],
  ])('of %j named %s is %s', (attributes, name, type) => {
    expect(run(attributes, { name })).toMatchObject({ tags: [type] });
  });

  it('is none on its HTTP spans', () => {
    expect(run({ 'dify.app_id': 'a' }, { name: 'POST /v1/chat-messages' })).toMatchObject({
      run_type: 'chain',
      name: 'POST /v1/chat-messages',
    });
  });
});

describe('ids of Dify', () => {
  it('that are no UUIDs become the same UUID wherever they are said', () => {
    const [parent, child] = [
      run({ 'dify.trace_type': 'message', 'dify.message_id': 'm-7' }),
      run({ 'dify.trace_type': 'tool', 'dify.message_id': 'm-7' }),
    ];
    expect(parent.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    expect(child.parent_run_id).toBe(parent.id);
    expect(metadataOf(parent)).toMatchObject({ message_id: 'm-7' });
  });
});

describe("Dify's tokens", () => {
  const inner = {
    'node.type': 'llm',
    'dify.message_id': message,
    'gen_ai.usage.input_tokens': 5,
    'gen_ai.usage.output_tokens': 2,
    'dify.app_id': 'a',
  };
  const marksOf = (attributes: Dict, difyUsageOwner: 'message' | 'leaf') => {
    const { span, scope, resource } = sent({ name: 'any', attributes: entriesOf(attributes) }, scopeOf(''), resourceOf([]));
    return createConverter({ difyUsageOwner })(span, scope, resource, caller).skeleton.marks & (Mark.usage | Mark.aggregate);
  };

  it('count at the message, and its model calls only sum up; the other way round where the leaves own them', () => {
    expect([marksOf(prefixed('message'), 'message'), marksOf(inner, 'message')]).toEqual([Mark.usage, Mark.aggregate]);
    expect([marksOf(prefixed('message'), 'leaf'), marksOf(inner, 'leaf')]).toEqual([Mark.aggregate, Mark.usage]);
  });

  it('count at the node of a workflow that answers no message', () => {
    const { 'dify.message_id': _, ...node } = inner;
    expect(marksOf(node, 'message')).toBe(Mark.usage);
  });

  it('never count where they were copied from the parent', () => {
    expect(marksOf({ ...prefixed('message'), metrics_from_parent: true }, 'message')).toBe(Mark.aggregate);
  });

  it('may be texts, and cost what the price says', () => {
    const usage = {
      prompt_tokens: '7',
      completion_tokens: '3',
      total_tokens: '10',
      total_price: '0.02',
      currency: 'USD',
      time_to_first_token: 0.5,
    };
    const priced = run({ 'dify.trace_type': 'message', 'dify.usage': usage });
    expect(priced).toMatchObject({
      events: [{ name: 'new_token', time: '2026-01-01T00:00:00.500000Z' }],
      extra: { metadata: { usage_metadata: { input_tokens: 7, output_tokens: 3, total_tokens: 10, total_cost: 0.02 } } },
    });
    const yuan = run({ 'dify.trace_type': 'message', 'dify.usage': { ...usage, currency: 'RMB' } });
    expect(yuan).toMatchObject({ extra: { metadata: { cost: 0.02, cost_currency: 'RMB' } } });
  });
});

describe("Dify's nodes", () => {
  it.each([
    ['llm', 'llm'],
    ['knowledge-retrieval', 'retriever'],
    ['tool', 'tool'],
    ['agent', 'chain'],
    ['question-classifier', 'chain'],
    ['if-else', 'chain'],
  ])('of type %s are %s runs', (type, runType) => {
    expect(run({ 'gen_ai.framework': 'dify', 'node.type': type }, { name: 'Step 1' })).toMatchObject({ run_type: runType, name: 'Step 1' });
  });

  it('show the pictures of a prompt', () => {
    const prompt = [{ role: 'user', text: 'what?', files: [{ type: 'image', remote_url: 'https://files.example/1.png' }] }];
    const node = run({ 'gen_ai.framework': 'dify', 'node.type': 'llm', 'gen_ai.prompt': JSON.stringify(prompt) });
    expect(node.inputs).toEqual({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what?' },
            { type: 'image_url', image_url: { url: 'https://files.example/1.png' } },
          ],
        },
      ],
    });
  });
});
