import { type Answer, answeringModel, createdSeconds, type Dict, dictOf, piecesOf, tokens } from './answer.ts';

const id = 'chatcmpl-1';
const usage = {
  prompt_tokens: tokens.input,
  completion_tokens: tokens.output,
  total_tokens: tokens.total,
  prompt_tokens_details: { cached_tokens: tokens.cached },
  completion_tokens_details: { reasoning_tokens: tokens.reasoning },
};

/** The body of `POST /v1/chat/completions`. */
export function chatCompletion({ text, call }: Answer): Dict {
  const message = {
    role: 'assistant',
    content: call ? null : text,
    refusal: null,
    ...(call ? { tool_calls: [{ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }] } : {}),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: call ? 'tool_calls' : 'stop' };
  return { ...head('chat.completion'), choices: [choice], usage, service_tier: 'default' };
}

/** The chunks of the same answer as a stream; usage comes only to those who ask for it. */
export function chatChunks({ text, call }: Answer, request: Dict): Dict[] {
  const chunk = (delta: Dict, finish: string | null = null): Dict => ({
    ...head('chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const toolCall = (part: Dict): Dict => chunk({ tool_calls: [{ index: 0, ...part }] });
  const content = call
    ? [
        toolCall({ id: call.id, type: 'function', function: { name: call.name, arguments: '' } }),
        ...[call.arguments.slice(0, 6), call.arguments.slice(6)].map((part) => toolCall({ function: { arguments: part } })),
      ]
    : piecesOf(text).map((piece) => chunk({ content: piece }));
  const asked = dictOf(request.stream_options).include_usage === true;
  return [
    chunk({ role: 'assistant', content: call ? null : '' }),
    ...content,
    chunk({}, call ? 'tool_calls' : 'stop'),
    ...(asked ? [{ ...head('chat.completion.chunk'), choices: [], usage }] : []),
  ];
}

const head = (object: string): Dict => ({ id, object, created: createdSeconds, model: answeringModel, system_fingerprint: 'fp_1' });
