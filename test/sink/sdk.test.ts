/** LangSmith's own JavaScript client against the sink: what it writes it can read back, and nothing that it sends is refused. */
import { Client, RunTree } from 'langsmith';
import { traceable } from 'langsmith/traceable';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Sink, startSink } from '../../src/sink/sink.ts';
import { rootRun, uuid } from './requests.ts';

let sink: Sink;
let client: Client;
beforeAll(async () => {
  process.env.LANGSMITH_TRACING = 'true';
  sink = await startSink();
});
afterAll(async () => {
  delete process.env.LANGSMITH_TRACING;
  await sink.close();
});
beforeEach(() => {
  sink.store.clear();
  client = new Client({ apiUrl: sink.url, apiKey: 'sdk-key' });
});
afterEach(() => expect(sink.store.violations().filter(({ level }) => level === 'must')).toEqual([]));

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function traceAgent(project: string): Promise<void> {
  const model = traceable(async (question: string) => `answer to ${question}`, { name: 'model', run_type: 'llm', client });
  const agent = traceable(async (question: string) => model(question), {
    name: 'agent',
    client,
    project_name: project,
    tags: ['blue'],
    metadata: { user: 'u1' },
  });
  await agent('why?');
  await client.awaitPendingTraceBatches();
}

test('traceable functions arrive as a tree, gzipped', async () => {
  await traceAgent('agents');
  const [root] = await all(client.listRuns({ projectName: 'agents', isRoot: true }));
  expect(root).toMatchObject({ name: 'agent', status: 'success', inputs: { input: 'why?' }, tags: ['blue'] });
  const tree = await client.readRun(root?.id ?? '', { loadChildRuns: true });
  expect(tree.child_runs).toEqual([expect.objectContaining({ name: 'model', run_type: 'llm', parent_run_id: root?.id })]);
  expect(sink.store.requests().find(({ path }) => path === '/runs/multipart')).toMatchObject({
    contentEncoding: 'gzip',
    apiKey: 'sdk-key',
    status: 202,
  });
  expect(sink.store.orphans()).toEqual([]);
});

test('the newer resources of the client read the same', async () => {
  await traceAgent('agents');
  const { id: projectId } = await client.readProject({ projectName: 'agents' });
  const models = await all(client.runs.query({ project_ids: [projectId], run_type: 'LLM', selects: ['NAME', 'STATUS', 'TRACE_ID'] }));
  expect(models).toEqual([expect.objectContaining({ name: 'model', status: 'SUCCESS' })]);
  expect(models[0]).not.toHaveProperty('inputs');
  const root = await client.runs.retrieve(models[0]?.trace_id ?? '', { project_id: projectId, selects: ['NAME', 'METADATA', 'IS_ROOT'] });
  expect(root).toMatchObject({ name: 'agent', is_root: true, metadata: { user: 'u1' } });
});

test('a run tree is patched when it ends', async () => {
  const tree = new RunTree({ name: 'pipeline', run_type: 'chain', inputs: { a: 1 }, client, project_name: 'trees' });
  await tree.postRun();
  await client.awaitPendingTraceBatches();
  expect((await client.readRun(tree.id)).status).toBe('pending');
  await tree.end(undefined, 'it broke');
  await tree.patchRun();
  await client.awaitPendingTraceBatches();
  expect(await client.readRun(tree.id)).toMatchObject({ status: 'error', error: 'it broke', inputs: { a: 1 } });
});

test('single runs without a place are placed', async () => {
  const plain = new Client({ apiUrl: `${sink.url}/api/v1/`, apiKey: 'sdk-key', autoBatchTracing: false });
  await plain.createRun({ id: uuid(1), name: 'parent', run_type: 'chain', inputs: {}, project_name: 'singles' });
  await plain.createRun({ id: uuid(2), name: 'child', run_type: 'tool', inputs: {}, parent_run_id: uuid(1), project_name: 'singles' });
  await plain.updateRun(uuid(2), { outputs: { done: true }, end_time: Date.now() });
  expect(await plain.readRun(uuid(2))).toMatchObject({
    trace_id: uuid(1),
    parent_run_ids: [uuid(1)],
    outputs: { done: true },
    status: 'success',
  });
});

test('a server without multipart is sent batches', async () => {
  const batching = await startSink({ info: { batch_ingest_config: { use_multipart_endpoint: false } } });
  try {
    const other = new Client({ apiUrl: batching.url, apiKey: 'sdk-key' });
    const { session_name, ...run } = rootRun(1);
    await other.createRun({
      ...run,
      inputs: { a: 1 },
      run_type: 'chain',
      name: 'batched',
      start_time: String(run.start_time),
      end_time: Date.now(),
      project_name: String(session_name),
    });
    await other.awaitPendingTraceBatches();
    expect(batching.store.requests().map(({ path }) => path)).toContain('/runs/batch');
    expect(await other.readRun(uuid(1))).toMatchObject({ name: 'batched', inputs: { a: 1 } });
  } finally {
    await batching.close();
  }
});

test('projects are created, listed, read, changed and deleted', async () => {
  const project = await client.createProject({ projectName: 'mine', description: 'first' });
  expect(await client.readProject({ projectName: 'mine' })).toMatchObject({
    id: project.id,
    description: 'first',
    reference_dataset_id: null,
  });
  await expect(client.createProject({ projectName: 'mine' })).rejects.toThrow(/409/);
  await client.updateProject(project.id, { description: 'second' });
  expect(await client.readProject({ projectId: project.id })).toMatchObject({ name: 'mine', description: 'second' });
  await traceAgent('mine');
  expect((await all(client.listProjects())).map(({ name }) => name)).toEqual(['mine']);
  await client.deleteProject({ projectName: 'mine' });
  expect(await client.hasProject({ projectName: 'mine' })).toBe(false);
  expect(sink.store.runs()).toEqual([]);
});

test('feedback is created, listed, read, changed and deleted', async () => {
  await traceAgent('rated');
  const [root] = await all(client.listRuns({ projectName: 'rated', isRoot: true }));
  const feedback = await client.createFeedback(root?.id ?? '', 'helpful', { score: 0.5, comment: 'so so' });
  await client.createFeedback(root?.id ?? '', 'short', { score: 1 });
  expect(await all(client.listFeedback({ runIds: [root?.id ?? ''], feedbackKeys: ['helpful'] }))).toEqual([
    expect.objectContaining({ id: feedback.id, score: 0.5 }),
  ]);
  await client.updateFeedback(feedback.id, { score: 1 });
  expect(await client.readFeedback(feedback.id)).toMatchObject({ score: 1, comment: 'so so' });
  expect((await client.readRun(root?.id ?? '')).feedback_stats).toMatchObject({ helpful: { n: 1, avg: 1 } });
  await client.deleteFeedback(feedback.id);
  expect((await all(client.listFeedback())).map(({ key }) => key)).toEqual(['short']);
});

test('runs are listed page by page, filtered and in order', async () => {
  for (let number = 0; number < 5; number += 1) await traceAgent('many');
  const names = async (query: Parameters<Client['listRuns']>[0]): Promise<string[]> =>
    (await all(client.listRuns({ projectName: 'many', ...query }))).map(({ name }) => name);
  expect(await names({ limit: 3 })).toHaveLength(3);
  expect(await names({ runType: 'llm' })).toHaveLength(5);
  expect(await names({ filter: 'and(eq(is_root, true), has(tags, "blue"))' })).toHaveLength(5);
  expect(await names({ filter: 'and(eq(metadata_key, "user"), eq(metadata_value, "u2"))' })).toEqual([]);
  expect(await names({ error: true })).toEqual([]);
});
