// One small program, traced by LangSmith's own SDK: directly, or with MODE=otel as OpenTelemetry spans.
import { Client, RunTree } from 'langsmith';
import { initializeOTEL } from 'langsmith/experimental/otel/setup';
import { getCurrentRunTree, traceable } from 'langsmith/traceable';

const otel = process.env.MODE === 'otel' ? initializeOTEL() : undefined;
const client = new Client();

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
const agent = traceable(
  async ({ question }) => {
    const documents = await retrieve(question);
    const { degrees } = await weather({ city: 'Paris' });
    await broken({ city: 'Atlantis' }).catch(() => undefined);
    const run = getCurrentRunTree();
    run.metadata.looked = documents.length;
    const answer = await chat({ messages: [{ role: 'user', content: `${question} ${degrees}` }] });
    return { answer: answer.choices[0].message.content };
  },
  { name: 'agent', run_type: 'chain', client, tags: ['prod', 'v2'], metadata: { thread_id: 't-1', tenant: 'acme' } },
);

await agent({ question: 'How warm is it?' });
await client.awaitPendingTraceBatches();
await RunTree.getSharedClient?.().awaitPendingTraceBatches();
await otel?.DEFAULT_LANGSMITH_TRACER_PROVIDER.forceFlush();
