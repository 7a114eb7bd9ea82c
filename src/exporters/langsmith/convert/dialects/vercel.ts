import { content, type Dialect } from '../dialect.ts';
import { isArray, isText, type Json } from '../json.ts';
import { slot } from '../keys.ts';
import type { KindText } from '../kind.ts';
import type { SpanReader } from '../span-reader.ts';
import { rankedDocuments, toRankDocuments, vectors, vercelAnswer } from '../vercel-answer.ts';
import { vercelUsage } from '../vercel-usage.ts';

const outer = ['generatetext', 'streamtext', 'generateobject', 'streamobject'];
const operations: Readonly<Record<string, KindText>> = Object.fromEntries<KindText>([
  ...outer.map((name): [string, KindText] => [`ai.${name}`, 'chain']),
  ...outer.flatMap((name): [string, KindText][] => [
    [`ai.${name}.dogenerate`, 'llm'],
    [`ai.${name}.dostream`, 'llm'],
  ]),
  ...['ai.embed', 'ai.embedmany'].flatMap((name): [string, KindText][] => [[`${name}.doembed`, 'embedding']]),
  ['ai.rerank', 'chain'],
  ['ai.rerank.dorerank', 'retriever rerank'],
  ['ai.toolcall', 'tool'],
]);

/** Embedding calls have no inner span in some versions; then the outer one carries the vectors. Media calls end in a name of their own. */
function operation(value: string, carriesVectors: boolean): KindText | undefined {
  if (/^ai\.embed(?:many)?$/.test(value)) return carriesVectors ? 'embedding' : 'chain';
  return /^ai\.(?:generateimage|generatespeech|transcribe)/.test(value) ? 'llm' : undefined;
}

const values = slot('ai.values');
const operationName = slot('operation.name');
const genaiOperation = slot('gen_ai.operation.name');

/** Each of the values is JSON text of its own, quotes and all. */
function embeddedValues(reader: SpanReader): Json | undefined {
  const given = reader.peekJson(values);
  if (given === undefined) return undefined;
  reader.use(values);
  return isArray(given) ? given.map((value) => (isText(value) ? reader.unpack(value) : value)) : given;
}

/** The Vercel AI SDK up to version 6, scope `ai`. */
export const vercel: Dialect = {
  id: 'vercel',
  rank: 30,
  integration: 'vercel-ai-sdk-otel',
  signs: { scopes: ['ai'], attributes: ['ai.operationId'] },
  recognise: (reader) => reader.peekText(operationName)?.startsWith('ai.') === true,
  kinds: ['ai.operationId', 'operation.name'].map((key, at) => ({
    rank: 8 + at / 10,
    key,
    values: operations,
    read: (reader, value) => operation(value, reader.hasAny(vectors)),
  })),
  names: [
    { rank: 3, key: 'ai.telemetry.metadata.ls_run_name' },
    { rank: 5.1, key: 'ai.toolCall.name', only: 'tool' },
    { rank: 6.5, key: 'ai.telemetry.functionId', only: 'agent' },
    { rank: 8, key: 'ai.telemetry.functionId', only: 'chain' },
    { rank: 8.1, key: 'ai.operationId' },
  ],
  fields: {
    provider: [
      [10, 'ai.telemetry.metadata.ls_provider'],
      [47, 'ai.model.provider'],
      [48, 'aisdk.model.provider'],
    ],
    model: [
      [42, 'ai.response.model'],
      [46, 'ai.model.id'],
    ],
    requestModel: [[45, 'ai.model.id']],
    userId: [
      [60, 'ai.telemetry.metadata.userId'],
      [61, 'ai.settings.context.userId'],
      [61, 'ai.telemetry.metadata.user_id'],
    ],
    toolCallId: [[15, 'ai.toolCall.id']],
    conversation: ['conversationId', 'conversation_id'].flatMap((key): [number, string][] => [
      [60, `ai.telemetry.metadata.${key}`],
      [61, `ai.settings.context.${key}`],
    ]),
    thread: ['threadId', 'thread_id', 'chatId'].flatMap((key): [number, string][] => [
      [60, `ai.telemetry.metadata.${key}`],
      [61, `ai.settings.context.${key}`],
    ]),
    session: [
      [40, 'ai.telemetry.metadata.sessionId'],
      [41, 'ai.telemetry.metadata.session_id'],
      [70, 'ai.settings.context.sessionId'],
    ],
    projectId: [[20, 'ai.telemetry.metadata.ls_project_id']],
    project: [[20, 'ai.telemetry.metadata.ls_project_name']],
    finishReasons: [
      [5, 'ai.response.finishReason'],
      [6, 'ai.finishReason'],
    ],
  },
  contents: [
    content(['llm', 'chain'], 'inputs', 6, 'ai.prompt.messages', { shape: 'vercel', conversation: true }),
    content(['llm', 'chain'], 'inputs', 6.5, 'ai.prompt', { shape: 'vercel', conversation: true }),
    { to: 'llm', side: 'outputs', rank: 6, read: vercelAnswer, shape: 'vercel' },
    { to: 'chain', side: 'outputs', rank: 6, read: vercelAnswer, shape: 'vercel', conversation: true },
    { to: 'embedding', side: 'inputs', rank: 3, read: embeddedValues },
    content('embedding', 'inputs', 4, 'ai.value'),
    content('embedding', 'outputs', 3, 'ai.embeddings'),
    content('embedding', 'outputs', 4, 'ai.embedding'),
    { to: ['rerank', 'chain'], side: 'inputs', rank: 20, read: toRankDocuments, verbatim: true },
    { to: ['rerank', 'chain'], side: 'outputs', rank: 20, read: rankedDocuments, verbatim: true },
    content('tool', 'inputs', 2, 'ai.toolCall.input'),
    content('tool', 'inputs', 3, 'ai.toolCall.args'),
    content('tool', 'outputs', 2, 'ai.toolCall.output'),
    content('tool', 'outputs', 3, 'ai.toolCall.result'),
  ],
  usage: [
    {
      rank: 11,
      input: ['ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'],
      output: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
      total: ['ai.usage.totalTokens'],
      read: vercelUsage,
    },
  ],
  usageDetails: {
    'input.cache_read': [
      [55, 'ai.usage.cachedInputTokens'],
      [56, 'ai.usage.inputTokenDetails.cacheReadTokens'],
    ],
    'input.cache_creation': [[55, 'ai.usage.inputTokenDetails.cacheWriteTokens']],
    'output.reasoning': [
      [55, 'ai.usage.reasoningTokens'],
      [56, 'ai.usage.outputTokenDetails.reasoningTokens'],
    ],
    'output.text': [[55, 'ai.usage.outputTokenDetails.textTokens']],
  },
  firstToken: [
    { rank: 6, key: 'ai.response.msToFirstChunk', unit: 'milliseconds' },
    { rank: 6, key: 'ai.stream.msToFirstChunk', unit: 'milliseconds' },
  ],
  firstTokenEvents: ['ai.stream.firstChunk'],
  metadata: [
    { rank: 10, prefix: 'ai.telemetry.metadata.', except: ['tags', 'ls_run_name', 'ls_project_id', 'ls_project_name', 'ls_provider'] },
    { rank: 11, prefix: 'ai.settings.context.' },
  ],
  tags: ['ai.telemetry.metadata.tags'],
  parameters: [
    {
      rank: 30,
      prefix: 'ai.settings.',
      camelCase: true,
      rename: { maxOutputTokens: 'max_tokens', maxTokens: 'max_tokens', stopSequences: 'stop' },
    },
    { rank: 31, key: 'ai.prompt.toolChoice', parameter: 'tool_choice' },
    { rank: 82, prefix: 'ai.request.headers.', rename: { '*': '' } },
  ],
  tools: ['ai.prompt.tools'],
};

/** The Vercel AI SDK from version 7: semantic conventions, and a few operations of its own. */
export const vercel7: Dialect = {
  id: 'vercel7',
  rank: 30,
  integration: 'vercel-ai-sdk-otel',
  signs: { scopes: ['@ai-sdk/otel'] },
  recognise: (reader) => reader.peekText(genaiOperation) === 'agent_step',
};
