import { content, type Dialect } from '../dialect.ts';

/** What any OpenTelemetry span may say, and names that several small libraries share. */
export const generic: Dialect = {
  id: 'generic',
  rank: 70,
  signs: {},
  names: [
    { rank: 5.3, key: 'tool_name', only: 'tool' },
    { rank: 5.4, key: 'tool.function_name', only: 'tool' },
    { rank: 6.2, key: 'agent_name', only: 'agent' },
  ],
  fields: {
    model: ['model_name', [71, 'model']],
    userId: [
      [40, 'enduser.id'],
      [90, 'enduser.pseudo.id'],
    ],
    environment: [
      [10, 'deployment.environment.name'],
      [11, 'deployment.environment'],
    ],
    toolCallId: [
      [80, 'tool_call_id'],
      [70, 'tool_use_id'],
      [75, 'anthropic.tool_use.id'],
    ],
    conversation: [[30, 'conversation.id']],
    thread: [
      [50, 'thread.id'],
      [91, 'orq.thread_id'],
    ],
    session: [[90, 'trace.metadata.session_id']],
    error: [
      [10, 'error.message'],
      [20, 'exception.message'],
      [40, 'error_message'],
      [41, 'error'],
    ],
  },
  contents: [
    content(['llm', 'chain'], 'inputs', 19, 'input.value'),
    content(['llm', 'chain'], 'inputs', 19.1, 'input'),
    content(['llm', 'chain'], 'inputs', 19.2, 'prompt'),
    content(['llm', 'chain'], 'outputs', 19, 'output.value'),
    content(['llm', 'chain'], 'outputs', 19.1, 'output'),
    content(['llm', 'chain'], 'outputs', 19.2, 'final_result'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'inputs', 90, 'input.value'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'inputs', 91, 'input'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'outputs', 90, 'output.value'),
    content(['embedding', 'retriever', 'rerank', 'tool'], 'outputs', 91, 'output'),
    content('tool', 'inputs', 7, 'tool_arguments'),
    content('tool', 'outputs', 7, 'tool_response'),
    content('tool', 'inputs', 8, 'tool.arguments'),
    content('tool', 'outputs', 8, 'tool.result'),
    content('embedding', 'inputs', 50, 'inputs'),
    content('embedding', 'outputs', 50, 'embeddings'),
  ],
  tags: ['tags', 'metadata.tags'],
  parameters: [{ rank: 90, key: 'effort', parameter: 'reasoning_effort' }],
  costs: { total_cost: [[90, 'orq.billing.total_cost']] },
  tools: ['tools'],
  rename: { 'vcs.ref.head.revision': 'revision_id' },
  failures: { success: 'false', 'tool.result_status': 'error' },
  private: ['http.request.header.*', 'thread.*', 'code.*'],
};
