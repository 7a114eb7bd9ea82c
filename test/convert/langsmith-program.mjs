// One program, traced by LangSmith's own SDK: directly, or with MODE=otel as OpenTelemetry spans.
import { Client, RunTree } from 'langsmith';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { getCurrentRunTree, traceable } from 'langsmith/traceable';
import { wrapOpenAI } from 'langsmith/wrappers';
import OpenAI from 'openai';

const otel = process.env.MODE === 'otel' ? initializeOTEL() : undefined;
const client = new Client();
const wrapped = (client) =>
  wrapOpenAI(new OpenAI({ apiKey: 'key', maxRetries: 0 }), { client, tags: ['wrapped'], metadata: { attempt: 1 } });
const openai = wrapped(client);
/** Sends the start and the end of a run together, as the other does when they are close. */
const patient = new Client({ manualFlushMode: true });
const streams = wrapped(patient);
const model = 'gpt-4o-mini';
const tools = [
  { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } },
];

const retrieve = traceable(
  async (query) => [{ page_content: `about ${query}`, type: 'Document', metadata: { score: 0.5, source: 'wiki' } }],
  { name: 'search', run_type: 'retriever', client },
);
const weather = traceable(async ({ city }) => ({ city, degrees: 18 }), { name: 'weather', run_type: 'tool', client, tags: ['tool-tag'] });
const broken = traceable(
  async () => {
    throw new Error('service unavailable');
  },
  { name: 'broken', run_type: 'tool', client },
);
const plan = traceable(async (goal) => (await weather({ city: goal })).degrees, { name: 'plan', client });
const nothing = traceable(async () => undefined, { name: 'nothing', client });
const chat = traceable(
  async ({ messages }) => ({
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: `${messages.length} messages` } }],
    usage_metadata: { input_tokens: 12, output_tokens: 3, total_tokens: 15, input_token_details: { cache_read: 8 } },
  }),
  {
    name: 'chat',
    run_type: 'llm',
    client,
    metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o', ls_model_type: 'chat', ls_temperature: 0.2, attempt: 2, beta: true },
  },
);
const named = (name) => ({ langsmithExtra: { name } });
const agent = traceable(
  async ({ question }) => {
    const documents = await retrieve(question);
    const degrees = await plan('Paris');
    await broken({ city: 'Atlantis' }).catch(() => undefined);
    await nothing();
    const messages = [{ role: 'user', content: question }];
    const asked = { model, temperature: 0.2, max_tokens: 100, messages };
    await openai.chat.completions.create(asked, named('completion'));
    await openai.chat.completions.create({ ...asked, tools }, named('tool call'));
    await openai.responses.create({ model, instructions: 'Be kind.', input: messages }, named('response'));
    await openai.chat.completions.create({ ...asked, model: 'gpt-broken' }, named('refused')).catch(() => undefined);
    const run = getCurrentRunTree();
    run.metadata.looked = documents.length;
    const answer = await chat({ messages: [{ role: 'user', content: `${question} ${degrees}` }] });
    return { answer: answer.choices[0].message.content };
  },
  { name: 'agent', run_type: 'chain', client, tags: ['prod', 'v2'], metadata: { thread_id: 't-1', tenant: 'acme', limits: { steps: 3 } } },
);
const streaming = traceable(
  async () => {
    const messages = [{ role: 'user', content: 'Say hello.' }];
    const asked = { model, messages, stream: true, stream_options: { include_usage: true } };
    for await (const _ of await streams.chat.completions.create(asked, named('streamed completion')));
    return 'done';
  },
  { name: 'streaming', client: patient },
);
const elsewhere = traceable(async () => 'ok', { name: 'elsewhere', client, project_name: 'another project' });
const attaching = traceable(async ({ topic }) => topic, {
  name: 'attaching',
  client,
  extractAttachments: ({ note, ...rest }) => [{ note: ['text/plain', note] }, rest],
});

await agent({ question: 'How warm is it?' });
await streaming();
await elsewhere();
await attaching({ topic: 'files', note: new TextEncoder().encode('a note') });
await patient.flush();
await client.awaitPendingTraceBatches();
await RunTree.getSharedClient?.().awaitPendingTraceBatches();
await otel?.DEFAULT_LANGSMITH_TRACER_PROVIDER.forceFlush();
