/**
 * What the simulated model answers: the same to the same request, always. Chat completions and responses tell the same answer, each in its own shape.
 *
 * | request                                     | answer                                       |
 * |---------------------------------------------|----------------------------------------------|
 * | model `gpt-broken`                          | status 400, `invalid_request_error`          |
 * | the last message is a tool's result         | "It is 18 degrees in Paris."                 |
 * | tools are offered                           | a call of the first one, with `{"city":"Paris"}` |
 * | a JSON schema is asked for                  | `{"city":"Paris","degrees":18}`              |
 * | anything else                               | "Hello there, traveller."                    |
 */
export type Dict = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly text: string;
  readonly call: { readonly id: string; readonly name: string; readonly arguments: string } | undefined;
}

export const answeringModel = 'gpt-4o-mini-2024-07-18';
/** Fixed, so that answers are the same every time: 2025-01-01. */
export const createdSeconds = 1_735_689_600;

/** Input tokens of which some were cached, output tokens of which some were thoughts. */
export const tokens = { input: 20, cached: 8, output: 7, reasoning: 2, total: 27 } as const;
/** The same, as LangSmith counts them. */
export const usageMetadata = {
  input_tokens: tokens.input,
  output_tokens: tokens.output,
  total_tokens: tokens.total,
  input_token_details: { cache_read: tokens.cached },
  output_token_details: { reasoning: tokens.reasoning },
};
/** As far as instrumentations tell that know no classes of tokens. */
export const plainUsage = { input_tokens: tokens.input, output_tokens: tokens.output, total_tokens: tokens.total };
/** Tokens of an embedding's input. */
export const embeddingTokens = 4;
export const embedding = [0.25, -0.5, 0.125];

export const dictOf = (value: unknown): Dict => (typeof value === 'object' && value !== null ? (value as Dict) : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const isRefused = (request: Dict): boolean => request.model === 'gpt-broken';
export const refusal = {
  error: { message: 'This model is broken.', type: 'invalid_request_error', param: 'model', code: 'model_broken' },
};

/** `request` is the body of a chat completion or of a response. */
export function answerTo(request: Dict): Answer {
  const last = dictOf(listOf(request.messages ?? request.input).at(-1));
  if (last.role === 'tool' || last.type === 'function_call_output') return said('It is 18 degrees in Paris.');
  const tool = dictOf(listOf(request.tools)[0]);
  const name = dictOf(tool.function).name ?? tool.name;
  if (typeof name === 'string') return { text: '', call: { id: 'call_1', name, arguments: '{"city":"Paris"}' } };
  const format = dictOf(request.response_format ?? dictOf(request.text).format);
  return said(format.type === 'json_schema' ? '{"city":"Paris","degrees":18}' : 'Hello there, traveller.');
}

/** The text in the pieces that a stream brings. */
export const piecesOf = (text: string): string[] => text.match(/\S+\s*/g) ?? [];

const said = (text: string): Answer => ({ text, call: undefined });
