/**
 * What the Collector's processor of the same name knows by heart. Sources: the semantic conventions of OpenInference (Arize) and of OpenLLMetry
 * (Traceloop), and the operation names of OpenTelemetry's GenAI conventions.
 */

/** How one instrumentation's attributes become OpenTelemetry's. */
export interface Mapping {
  /** From its keys to theirs. */
  readonly keys: ReadonlyMap<string, string>;
  /** By target key: from its values to theirs. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether values are looked up in lower case. */
  readonly ignoresCase: boolean;
  /** Whether messages stand in one attribute for each of their fields. */
  readonly flatMessages: boolean;
}

const map = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(entries));

const openinference: Mapping = {
  keys: map({
    'llm.token_count.prompt': 'gen_ai.usage.input_tokens',
    'llm.token_count.completion': 'gen_ai.usage.output_tokens',
    'llm.model_name': 'gen_ai.request.model',
    'llm.provider': 'gen_ai.provider.name',
    'llm.input_messages': 'gen_ai.input.messages',
    'llm.output_messages': 'gen_ai.output.messages',
    'embedding.model_name': 'gen_ai.request.model',
    'reranker.model_name': 'gen_ai.request.model',
    'tool.name': 'gen_ai.tool.name',
    'tool.description': 'gen_ai.tool.description',
    'tool_call.function.arguments': 'gen_ai.tool.call.arguments',
    'tool_call.id': 'gen_ai.tool.call.id',
    'agent.name': 'gen_ai.agent.name',
    'session.id': 'gen_ai.conversation.id',
    'openinference.span.kind': 'gen_ai.operation.name',
  }),
  values: new Map([
    [
      'gen_ai.operation.name',
      map({
        llm: 'chat',
        embedding: 'embeddings',
        chain: 'invoke_agent',
        agent: 'invoke_agent',
        retriever: 'retrieval',
        reranker: 'retrieval',
        tool: 'execute_tool',
        prompt: 'text_completion',
      }),
    ],
  ]),
  ignoresCase: true,
  flatMessages: true,
};

const openllmetry: Mapping = {
  keys: map({
    'llm.usage.prompt_tokens': 'gen_ai.usage.input_tokens',
    'llm.usage.completion_tokens': 'gen_ai.usage.output_tokens',
    'llm.request.model': 'gen_ai.request.model',
    'llm.response.model': 'gen_ai.response.model',
    'llm.request.max_tokens': 'gen_ai.request.max_tokens',
    'llm.request.temperature': 'gen_ai.request.temperature',
    'llm.request.top_p': 'gen_ai.request.top_p',
    'llm.top_k': 'gen_ai.request.top_k',
    'llm.frequency_penalty': 'gen_ai.request.frequency_penalty',
    'llm.presence_penalty': 'gen_ai.request.presence_penalty',
    'llm.chat.stop_sequences': 'gen_ai.request.stop_sequences',
    'llm.request.functions': 'gen_ai.tool.definitions',
    'llm.response.finish_reason': 'gen_ai.response.finish_reasons',
    'llm.response.stop_reason': 'gen_ai.response.finish_reasons',
    'llm.request.type': 'gen_ai.operation.name',
    'traceloop.span.kind': 'gen_ai.operation.name',
    'traceloop.entity.name': 'gen_ai.agent.name',
    'traceloop.entity.input': 'gen_ai.input.messages',
    'traceloop.entity.output': 'gen_ai.output.messages',
  }),
  values: new Map([
    [
      'gen_ai.operation.name',
      map({
        workflow: 'invoke_workflow',
        task: 'invoke_agent',
        agent: 'invoke_agent',
        tool: 'execute_tool',
        completion: 'text_completion',
        chat: 'chat',
        rerank: 'retrieval',
        embedding: 'embeddings',
      }),
    ],
  ]),
  ignoresCase: true,
  flatMessages: false,
};

export const builtIn: ReadonlyMap<string, Mapping> = new Map([
  ['openinference', openinference],
  ['openllmetry', openllmetry],
]);
