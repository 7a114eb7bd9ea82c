/** Dify's tables as its documentation has them (the founding document), read cell by cell, against the runs that its spans become in a whole trace. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createConverter, filteredSpanOf, isSyntheticRoot } from '../../src/exporters/langsmith/convert/convert.ts';
import type { Span } from '../../src/model/batch.ts';
import type { Draft } from '../../src/model/draft.ts';
import { scopeOf } from '../../src/otlp/otlp.ts';
import { caller, entriesOf, sent } from '../convert/spans.ts';
import type { ParsedRun } from './multipart.ts';
import { openWorld, type World } from './world.ts';

const seeds = join(import.meta.dirname, '../../../shared/seeds');
const page = readFileSync(join(seeds, readdirSync(seeds).find((name) => name.startsWith('000_')) ?? ''), 'utf8').replace(/\\/g, '');

/** Per trace type: its heading, and the run type behind "LangSmith" in the table's head. */
const types = {
  workflow: 'Workflow/Chatflow',
  message: 'Message',
  moderation: 'Moderation',
  suggested_question: 'Suggested Question',
  dataset_retrieval: 'Dataset Retrieval',
  tool: 'Tool',
  generate_name: 'Generate Name',
} as const;
type Type = keyof typeof types;

interface Table {
  readonly runType: string;
  /** LangSmith's column by Dify's. */
  readonly cells: ReadonlyMap<string, string>;
  readonly metadata: readonly string[];
}

function tableOf(type: Type): Table {
  const heading = `${types[type]} Trace Information`;
  const rest = page.slice(page.indexOf(heading) + heading.length);
  const text = rest.slice(0, rest.indexOf(' Trace Info'));
  const rows = [...text.matchAll(/^\| (.+?) \| (.+?) \|$/gm)].map(([, dify = '', langsmith = '']) => [dify, langsmith] as const);
  const [head, , ...cells] = rows;
  const metadata = /^- Metadata\n((?:\t- .*\n?)+)/m.exec(rest)?.[1] ?? '';
  return {
    runType: head?.[1].replace('LangSmith ', '').toLowerCase() ?? '',
    cells: new Map(cells),
    metadata: [...metadata.matchAll(/^\t- (\w+)/gm)].map(([, key = '']) => key),
  };
}

const id = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000001`;
const messageId = id('b');

/** A value for every name on the page. */
const values: Record<string, unknown> = {
  ...{ workflow_app_log_id: id('a'), workflow_run_id: id('e'), message_id: messageId, conversation_id: id('c') },
  ...{
    conversation_mode: 'chat',
    tool_name: 'search',
    ls_provider: 'openai',
    ls_model_name: 'gpt-4o',
    user_session_id: 'us',
    user_id: 'u',
  },
  ...{ workflow_id: 'wf', tenant_id: 'ten', elapsed_time: 1.5, status: 'normal', version: '3', total_tokens: 30, triggered_from: 'app' },
  ...{ message_tokens: 20, answer_tokens: 10, from_end_user_id: 'eu', from_account_id: 'acc', agent_based: true, from_source: 'api' },
  ...{ action: 'none', flagged: false, preset_response: 'no', documents: [{ content: 'c' }], suggested_question: ['a?'] },
  ...{ tool_inputs: { q: 1 }, tool_outputs: 'out', tool_config: { p: 1 }, time_cost: 2.5, tool_parameters: { k: 1 }, file_list: ['f'] },
  ...{ message_file_id: 'mf', created_by_role: 'end_user', created_user_id: 'cu', inputs: { query: 'hi' }, outputs: 'hello' },
};

/** What Dify's emitters make of the same record (mapping §19.1): dotted attributes in its own scope, an object, JSON of another provider, flat fields. */
const emissions: Readonly<Record<string, (type: Type) => { readonly scope: string; readonly attributes: Record<string, unknown> }>> = {
  'native OTLP': (type) => {
    const { message_id, conversation_id, workflow_run_id, workflow_id, version, user_id, user_session_id, ...rest } = values;
    const dotted = {
      ...{ 'dify.message.id': message_id, 'dify.conversation.id': conversation_id, 'dify.workflow.run_id': workflow_run_id },
      ...{ 'dify.workflow.id': workflow_id, 'dify.workflow.version': version, 'dify.user.id': user_id, 'dify.session.id': user_session_id },
    };
    const flat = Object.fromEntries(Object.entries(rest).map(([key, value]) => [`dify.${key}`, value]));
    return { scope: 'dify.ops', attributes: { operation_type: type, ...dotted, ...flat } };
  },
  'the unified provider': (type) => ({
    scope: '',
    attributes: { 'dify.span.id': 's', metadata: JSON.stringify({ 'dify.span.kind': type, ...values }) },
  }),
  'the Arize and Phoenix provider': (type) => ({
    scope: '',
    attributes: { metadata: JSON.stringify({ trace_entity_type: type, ...values }) },
  }),
  "Alibaba's and Tencent's providers, whose numbers are texts": (type) => ({
    scope: '',
    attributes: {
      ...{ 'gen_ai.span.kind': 'CHAIN', 'gen_ai.is_entry': 'true', 'gen_ai.session.id': 'us' },
      metadata: JSON.stringify({ trace_entity_type: type, ...textsOf(values) }),
    },
  }),
  'an equivalent span': (type) => ({
    scope: '',
    attributes: {
      'dify.trace_type': type,
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`dify.${key}`, value])),
    },
  }),
  'an equivalent span with an object': (type) => ({ scope: '', attributes: { 'dify.trace_type': type, 'dify.metadata': values } }),
};

function textsOf(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]));
}

/** All seven types of one chat turn; nothing but ids connects them. */
function turn(emission: string): Map<Type, Draft> {
  return new Map(
    (Object.keys(types) as Type[]).map((type, at) => {
      const { scope, attributes } = emissions[emission]?.(type) ?? { scope: '', attributes: {} };
      const fields = { name: 'span', spanId: `${at + 1}`.padStart(16, '0'), attributes: entriesOf(attributes) };
      const { span, scope: sentScope, resource } = sent(fields, scopeOf(scope));
      return [type, createConverter()(span, sentScope, resource, caller)];
    }),
  );
}

async function deliver(drafts: Iterable<Draft>, leftOut?: Span): Promise<World> {
  const world = await openWorld();
  if (leftOut) await world.appendFiltered(filteredSpanOf(leftOut));
  for (const draft of drafts) await world.append(draft);
  await world.pass(5_000);
  return world;
}

function cellOf(run: ParsedRun, type: Type, dify: string, langsmith: string): void {
  const { metadata } = run.fields.extra as { metadata: Record<string, unknown> };
  switch (langsmith.replace(/^- /, '')) {
    case 'placed in metadata':
      expect(metadata[dify]).toBe(values[dify]);
      break;
    case 'conversation_id in metadata':
      expect(metadata.conversation_id).toBe(values.conversation_id);
      break;
    case 'id':
      expect(run.id).toBe(type === 'message' ? messageId : values.workflow_app_log_id);
      break;
    case 'name':
      expect(run.fields.name).toBe(nameOf(type));
      break;
    case 'tags':
      expect(run.fields.tags).toEqual(tagsOf(type));
      break;
    case 'usage_metadata':
      expect(metadata.usage_metadata).toEqual(
        type === 'message' ? { input_tokens: 20, output_tokens: 10, total_tokens: 30 } : { total_tokens: 30 },
      );
      break;
    case 'parent_run_id':
      // No run is a conversation: a workflow hangs below the message that it answers, and that is a root.
      expect(run.fields.parent_run_id).toBe(type === 'message' ? undefined : messageId);
      break;
    case 'start_time':
    case 'end_time':
    case 'inputs':
    case 'outputs':
    case 'extra':
      expect(run.fields).toHaveProperty(langsmith);
      break;
    case 'error':
      expect(run.fields.status).toBe('success');
      break;
    default:
      throw new Error(`nobody knows the cell ${dify} | ${langsmith}`);
  }
}

function nameOf(type: Type): unknown {
  if (type === 'workflow') return `workflow_${values.workflow_app_log_id}`;
  if (type === 'message') return `message_${messageId}`;
  return type === 'tool' ? values.tool_name : type;
}

function tagsOf(type: Type): unknown[] {
  if (type === 'message') return [type, values.conversation_mode];
  return type === 'tool' ? [type, values.tool_name] : [type];
}

describe.each(Object.keys(emissions))("a chat turn of Dify's as %s", (emission) => {
  it('is a tree below its message, cell by cell as the tables say, whatever comes first', async () => {
    const drafts = turn(emission);
    for (const order of [[...drafts.values()], [...drafts.values()].reverse()]) {
      const { lanes } = await deliver(order);
      expect(lanes.runs.size).toBe(7);
      for (const [type, { skeleton }] of drafts) {
        const run = lanes.runs.get(skeleton.runId) as ParsedRun;
        const { runType, cells, metadata } = tableOf(type);
        expect([type, run.fields.run_type, cells.size > 5, metadata.length > 1]).toEqual([type, runType, true, true]);
        for (const [dify, langsmith] of cells) cellOf(run, type, dify, langsmith);
        const kept = (run.fields.extra as { metadata: Record<string, unknown> }).metadata;
        for (const key of metadata.filter((name) => name !== 'error')) expect([type, key, kept[key]]).toEqual([type, key, values[key]]);
      }
    }
  });
});

/** What Dify's own OpenTelemetry (`ENABLE_OTEL`) and its native exporter say of a workflow's nodes (mapping §19.5). */
describe("the nodes of one of Dify's workflows", () => {
  const workflow = { 'dify.app_id': 'app', 'dify.tenant_id': 'ten', 'dify.workflow_id': 'wf', 'gen_ai.framework': 'dify' };
  const kinds = [
    ['llm', 'llm'],
    ['knowledge-retrieval', 'retriever'],
    ['tool', 'tool'],
    ['agent', 'chain'],
    ['question-classifier', 'chain'],
    ['start', 'chain'],
    ['if-else', 'chain'],
    ['http-request', 'chain'],
  ] as const;
  const dialectsOfNodes: Readonly<
    Record<string, (type: string) => { readonly scope: string; readonly attributes: Record<string, unknown> }>
  > = {
    'its OpenTelemetry': (type) => ({
      scope: '',
      attributes: { ...workflow, 'node.type': type, 'node.id': `n-${type}`, 'node.execution_id': `x-${type}`, 'input.value': '{"q":"a"}' },
    }),
    'its native exporter': (type) => ({
      scope: 'dify.ops',
      attributes: {
        ...{
          'dify.app_id': 'app',
          'dify.tenant_id': 'ten',
          'dify.workflow.id': 'wf',
          'dify.span.type': 'operation',
          'dify.node.type': type,
        },
        ...{ 'dify.node.id': `n-${type}`, 'dify.node.execution_id': `x-${type}`, 'dify.inputs': { q: 'a' } },
      },
    }),
  };

  it.each(Object.keys(dialectsOfNodes))('are runs below the span of the workflow, of the kind of their type: by %s', async (emitter) => {
    const convert = createConverter();
    const root = '00000000000000f0';
    const drafts = [['', 'start'] as const, ...kinds].map(([type], at) => {
      const { scope, attributes } =
        type === ''
          ? { scope: '', attributes: { 'http.request.method': 'POST' } }
          : (dialectsOfNodes[emitter]?.(type) ?? { scope: '', attributes: {} });
      const place = at === 0 ? { spanId: root } : { spanId: `${at}`.padStart(16, '0'), parentSpanId: root };
      const {
        span,
        scope: sentScope,
        resource,
      } = sent({ name: type || 'POST /run', ...place, attributes: entriesOf(attributes) }, scopeOf(scope));
      return convert(span, sentScope, resource, caller);
    });
    const { lanes } = await deliver(drafts);
    expect(lanes.runs.size).toBe(kinds.length + 1);
    for (const [at, [type, runType]] of kinds.entries()) {
      const { fields } = lanes.runs.get((drafts[at + 1] as Draft).skeleton.runId) as ParsedRun;
      expect(fields).toMatchObject({
        name: type,
        run_type: runType,
        tags: ['node_execution'],
        parent_run_id: (drafts[0] as Draft).skeleton.runId,
      });
      const { metadata } = fields.extra as { metadata: Record<string, unknown> };
      expect(metadata).toMatchObject({
        node_id: `n-${type}`,
        node_execution_id: `x-${type}`,
        node_type: type,
        tenant_id: 'ten',
        app_id: 'app',
      });
      expect(JSON.stringify(fields.inputs)).toContain('a');
    }
  });
});

it("leaves what Dify's own LangSmith integration chose as it is", async () => {
  const attributes = {
    ...{ 'langsmith.span.kind': 'tool', 'langsmith.trace.name': 'workflow', 'langsmith.span.tags': 'node_execution' },
    ...{ 'langsmith.metadata.workflow_app_log_id': id('a'), 'gen_ai.prompt': '{"q":1}', 'gen_ai.completion': '{"a":2}' },
  };
  const { span, scope, resource } = sent({ name: 'x', attributes: entriesOf(attributes) }, scopeOf('langsmith'));
  const draft = createConverter()(span, scope, resource, caller);
  const { lanes } = await deliver([draft]);
  const run = lanes.runs.get(draft.skeleton.runId)?.fields;
  expect(run).toMatchObject({ name: 'workflow', run_type: 'tool', tags: ['node_execution'], inputs: { q: 1 }, outputs: { a: 2 } });
  expect(run).toMatchObject({ extra: { metadata: { workflow_app_log_id: id('a') } } });
});

describe("the root that Dify's Arize and Phoenix integrations make", () => {
  const rootSpan = 'dddddddddddddddd';
  const root = sent({
    name: 'Dify',
    spanId: rootSpan,
    attributes: entriesOf({ dify_trace_id: 't', 'openinference.span.kind': 'CHAIN' }),
  }).span;

  it('is none of the runs: what stands below it has the parents of the tables', async () => {
    const below = [...turn('the Arize and Phoenix provider').values()].map((draft) => ({
      ...draft,
      skeleton: { ...draft.skeleton, parentSpanId: rootSpan },
    }));
    const world = await deliver(below, root);
    const runs = [...world.lanes.runs.values()];
    expect(runs).toHaveLength(below.length);
    const message = runs.find((run) => run.id === messageId);
    expect(message?.fields).not.toHaveProperty('parent_run_id');
    for (const type of ['workflow', 'moderation', 'tool']) {
      const run = runs.find(({ fields }) => (fields.tags as string[]).includes(type));
      expect(run?.fields.parent_run_id).toBe(messageId);
    }
  });

  it('is told by its name and its marks, and a run where it carries content', () => {
    const named = (name: string, attributes: Record<string, unknown>) =>
      isSyntheticRoot(sent({ name, attributes: entriesOf(attributes) }).span);
    expect(isSyntheticRoot(root)).toBe(true);
    expect(named('Dify', {})).toBe(false);
    expect(named('chat', { dify_trace_id: 't' })).toBe(false);
    expect(named('Dify', { dify_trace_id: 't', 'input.value': 'hi' })).toBe(false);
  });
});
