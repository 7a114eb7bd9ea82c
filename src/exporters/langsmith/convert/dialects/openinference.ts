import { content, type Dialect } from '../dialect.ts';
import { rerankedDocuments, rerankerInputs, retrievedDocuments } from '../documents.ts';
import { embeddedTexts, embeddedVectors } from '../embedding.ts';
import { completions, indexedInputMessages, indexedOutputMessages, prompts } from '../indexed-messages.ts';
import { parametersThatAreNoSchema, toolParameters } from '../tool-parameters.ts';

/** OpenInference (Arize), which many frameworks ship through. */
export const openinference: Dialect = {
  id: 'openinference',
  rank: 50,
  integration: 'openinference-otel',
  signs: {
    scopes: ['openinference.*', '@arizeai/openinference*'],
    attributes: ['openinference.span.kind', 'llm.model_name', 'llm.input_messages.*', 'llm.output_messages.*'],
  },
  kinds: [
    {
      rank: 6,
      key: 'openinference.span.kind',
      values: {
        llm: 'llm',
        embedding: 'embedding',
        retriever: 'retriever',
        reranker: 'retriever rerank',
        tool: 'tool',
        agent: 'chain agent',
        chain: 'chain',
        guardrail: 'chain middleware',
        evaluator: 'chain exclude',
        prompt: 'prompt',
      },
    },
  ],
  names: [
    { rank: 5.2, key: 'tool.name', only: 'tool' },
    { rank: 6.1, key: 'agent.name', only: 'agent' },
  ],
  fields: {
    provider: [
      [45, 'llm.provider'],
      [46, 'llm.system'],
    ],
    model: [
      [43, 'llm.response.model_name'],
      [50, 'llm.model_name'],
      [51, 'llm.request.model_name'],
      [52, 'embedding.model_name'],
      [53, 'reranker.model_name'],
    ],
    requestModel: [
      [50, 'llm.request.model_name'],
      [51, 'llm.model_name'],
    ],
    userId: [[25, 'user.id']],
    promptName: [[60, 'prompt.id']],
    promptVersion: [[60, 'llm.prompt_template.version']],
    toolCallId: [
      [20, 'tool_call.id'],
      [21, 'tool.id'],
    ],
    session: [[20, 'session.id']],
    otherProject: [[50, 'openinference.project.name']],
    finishReasons: [[30, 'llm.finish_reason']],
  },
  contents: [
    { to: ['llm', 'chain'], side: 'inputs', rank: 12, read: indexedInputMessages, shape: 'openinference', conversation: true },
    { to: ['llm', 'chain'], side: 'outputs', rank: 12, read: indexedOutputMessages, shape: 'openinference', conversation: true },
    content(['llm', 'chain'], 'inputs', 12.1, 'llm.input_messages', { shape: 'openinference', conversation: true }),
    content(['llm', 'chain'], 'outputs', 12.1, 'llm.output_messages', { shape: 'openinference', conversation: true }),
    { to: 'llm', side: 'inputs', rank: 14, read: prompts },
    content('llm', 'inputs', 14.1, 'llm.prompts'),
    { to: 'llm', side: 'outputs', rank: 14, read: completions },
    { to: 'embedding', side: 'inputs', rank: 1, read: embeddedTexts },
    { to: 'embedding', side: 'outputs', rank: 1, read: embeddedVectors },
    content('embedding', 'inputs', 2, 'embedding.text'),
    content('retriever', 'inputs', 2, 'retrieval.query'),
    { to: 'retriever', side: 'outputs', rank: 1, read: retrievedDocuments },
    content('retriever', 'outputs', 2, 'retrieval.documents'),
    { to: 'rerank', side: 'inputs', rank: 1, read: rerankerInputs, verbatim: true },
    { to: 'rerank', side: 'outputs', rank: 1, read: rerankedDocuments },
    { to: 'tool', side: 'inputs', rank: 15, read: toolParameters },
    { to: 'tool', side: 'inputs', rank: 95, read: parametersThatAreNoSchema },
  ],
  usage: [{ rank: 10, input: ['llm.token_count.prompt'], output: ['llm.token_count.completion'], total: ['llm.token_count.total'] }],
  usageDetails: {
    'input.cache_read': ['llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input'],
    'input.cache_creation': ['llm.token_count.prompt_details.cache_write'],
    'input.audio': ['llm.token_count.prompt_details.audio'],
    'output.reasoning': ['llm.token_count.completion_details.reasoning'],
    'output.audio': ['llm.token_count.completion_details.audio'],
  },
  costs: {
    input_cost: [
      [30, 'llm.cost.prompt'],
      [31, 'llm.cost.prompt_details.input'],
    ],
    output_cost: [
      [30, 'llm.cost.completion'],
      [31, 'llm.cost.completion_details.output'],
    ],
    total_cost: [[30, 'llm.cost.total']],
    'input.cache_read': ['llm.cost.prompt_details.cache_read', 'llm.cost.prompt_details.cache_input'],
    'input.cache_creation': ['llm.cost.prompt_details.cache_write'],
    'input.audio': ['llm.cost.prompt_details.audio'],
    'output.reasoning': ['llm.cost.completion_details.reasoning'],
    'output.audio': ['llm.cost.completion_details.audio'],
  },
  firstTokenEvents: ['First Token Stream Event'],
  metadata: [{ rank: 60, key: 'metadata', except: ['tags', 'usage_metadata'] }],
  tags: ['tag.tags'],
  parameters: [{ rank: 20, key: 'llm.invocation_parameters', rename: { stop_sequences: 'stop', messages: '' } }],
  rename: {
    'llm.prompt_template.template': 'prompt_template',
    'llm.prompt_template.variables': 'prompt_template_variables',
  },
  private: ['llm.input_messages.*', 'llm.output_messages.*', 'embedding.embeddings.*', 'annotations.*', 'evaluations.*'],
};
