import { content, type Dialect } from '../dialect.ts';
import { countsInLivekit } from '../json-usage.ts';
import { slot } from '../keys.ts';
import { answerWithCalls, instructedContext } from '../livekit-messages.ts';

const metrics = ['lk.llm_metrics', 'lk.realtime_model_metrics', 'lk.stt_metrics', 'lk.tts_metrics'];

/** LiveKit Agents; newer versions write `lk.pii.*` where the content is personal. */
export const livekit: Dialect = {
  id: 'livekit',
  rank: 30,
  integration: 'livekit-otel',
  signs: { scopes: ['livekit-agents'], attributes: ['lk.*'] },
  kinds: [{ rank: 12.5, key: 'lk.realtime_model_metrics', read: () => 'llm' }],
  spanNames: {
    llm_request: 'llm',
    user_turn: 'llm exclude',
    realtime_metrics: 'llm',
    tts_request: 'llm exclude',
    function_tool: 'tool',
  },
  names: [
    { rank: 5.5, key: 'lk.function_tool.name', only: 'tool' },
    { rank: 6.3, key: 'lk.agent_name', only: 'agent' },
  ],
  fields: { toolCallId: [[40, 'lk.function_tool.id']] },
  contents: [
    { to: ['llm', 'chain'], side: 'inputs', rank: 6.9, read: instructedContext, shape: 'livekit', conversation: true },
    ...['lk.pii.chat_ctx', 'lk.chat_ctx'].map((key, at) =>
      content(['llm', 'chain'], 'inputs', 7 + at / 10, key, { shape: 'livekit', conversation: true }),
    ),
    ...['lk.pii.user_input', 'lk.user_input', 'lk.pii.input_text'].map((key, at) =>
      content(['llm', 'chain'], 'inputs', 7.5 + at / 10, key),
    ),
    { to: ['llm', 'chain'], side: 'outputs', rank: 6.9, read: answerWithCalls, shape: 'livekit', conversation: true },
    ...['lk.pii.response.text', 'lk.response.text'].map((key, at) => content(['llm', 'chain'], 'outputs', 7 + at / 10, key)),
    ...['lk.pii.function_tool.arguments', 'lk.function_tool.arguments'].map((key, at) => content('tool', 'inputs', 5 + at / 10, key)),
    ...['lk.pii.function_tool.output', 'lk.function_tool.output'].map((key, at) => content('tool', 'outputs', 5 + at / 10, key)),
  ],
  usage: [{ rank: 13, read: countsInLivekit }],
  nested: metrics.flatMap((key) => [
    { field: 'model', key, path: ['metadata', 'model_name'] },
    { field: 'provider', key, path: ['metadata', 'model_provider'] },
  ]),
  firstToken: ['lk.response.ttft', 'lk.response.ttfb'].map((key, at) => ({ rank: 9 + at / 10, key, unit: 'seconds' })),
  failures: { 'lk.function_tool.is_error': 'true' },
  private: ['lk.pii.*'],
  modality: 'audio',
};

const pipecatSigns = ['turn.number', 'turn.type', 'turn.was_interrupted', 'metrics.ttfb'].map(slot);
const pipecatNames = /^(?:conversation|turn|stt|llm|tts)$/;

/** Pipecat: span names say the kind, and content stands under generic names. */
export const pipecat: Dialect = {
  id: 'pipecat',
  rank: 30,
  integration: 'pipecat-otel',
  signs: { scopes: ['pipecat'] },
  recognise: (reader) => reader.hasAny(pipecatSigns) && pipecatNames.test(reader.span.name),
  spanNames: {
    llm: 'llm',
    llm_request: 'llm',
    llm_response: 'llm',
    stt: 'llm exclude',
    tts: 'llm exclude',
    llm_tool_call: 'tool',
    llm_tool_result: 'chain',
    llm_setup: 'chain',
    conversation: 'chain',
    turn: 'chain',
  },
  contents: [
    content('llm', 'inputs', 16.9, 'input', { own: true }),
    content('llm', 'inputs', 17, 'transcript'),
    content('llm', 'outputs', 16.9, 'output', { own: true }),
    content('llm', 'outputs', 17, 'text_output'),
    content('llm', 'outputs', 17.1, 'text'),
  ],
  usageDetails: { 'input.cache_read': [[62, 'metrics.prompt_cached_tokens']] },
  firstToken: [{ rank: 9.2, key: 'metrics.ttfb', unit: 'seconds' }],
  parameters: [
    { rank: 60, prefix: 'settings.' },
    { rank: 61, prefix: 'param.' },
  ],
  modality: 'audio',
};
