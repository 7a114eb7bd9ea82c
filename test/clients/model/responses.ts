import { type Answer, answeringModel, createdSeconds, type Dict, piecesOf, tokens } from './answer.ts';

const usage = {
  input_tokens: tokens.input,
  input_tokens_details: { cached_tokens: tokens.cached },
  output_tokens: tokens.output,
  output_tokens_details: { reasoning_tokens: tokens.reasoning },
  total_tokens: tokens.total,
};

/** The body of `POST /v1/responses`. */
export function response(answer: Answer, request: Dict): Dict {
  return { ...head(request, 'completed'), output: [itemOf(answer, 'completed')], usage };
}

/** The events of the same answer as a stream. */
export function responseEvents(answer: Answer, request: Dict): Dict[] {
  const item = itemOf(answer, 'completed');
  const at = { item_id: item.id, output_index: 0 };
  const events: Dict[] = [
    { type: 'response.created', response: { ...head(request, 'in_progress'), output: [], usage: null } },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...itemOf({ text: '', call: undefined, ...begun(answer) }, 'in_progress') },
    },
    ...(answer.call ? callEvents(answer.call.arguments, at) : textEvents(answer.text, at)),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: response(answer, request) },
  ];
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

function begun({ call }: Answer): Partial<Answer> {
  return call ? { call: { ...call, arguments: '' } } : {};
}

function textEvents(text: string, at: Dict): Dict[] {
  const part = { ...at, content_index: 0 };
  return [
    { type: 'response.content_part.added', ...part, part: { type: 'output_text', text: '', annotations: [] } },
    ...piecesOf(text).map((delta) => ({ type: 'response.output_text.delta', ...part, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...part, text, logprobs: [] },
    { type: 'response.content_part.done', ...part, part: { type: 'output_text', text, annotations: [] } },
  ];
}

function callEvents(text: string, at: Dict): Dict[] {
  return [
    { type: 'response.function_call_arguments.delta', ...at, delta: text },
    { type: 'response.function_call_arguments.done', ...at, arguments: text },
  ];
}

function itemOf({ text, call }: Answer, status: string): Dict {
  if (call) return { id: 'fc_1', type: 'function_call', status, call_id: call.id, name: call.name, arguments: call.arguments };
  const content = status === 'completed' ? [{ type: 'output_text', text, annotations: [] }] : [];
  return { id: 'msg_1', type: 'message', status, role: 'assistant', content };
}

const head = ({ tools = [], instructions = null, temperature = 1 }: Dict, status: string): Dict => ({
  id: 'resp_1',
  object: 'response',
  created_at: createdSeconds,
  status,
  model: answeringModel,
  error: null,
  incomplete_details: null,
  instructions,
  metadata: {},
  parallel_tool_calls: true,
  temperature,
  tool_choice: 'auto',
  tools,
  top_p: 1,
});
