/** Models and who runs them (mapping §8.1–8.3, §9). */
import { each, llm, type Row, row } from './row.ts';

const models: readonly Row[] = [
  ...each(
    [
      'langsmith.metadata.ls_model_name',
      'ls_model_name',
      'langfuse.observation.model.name',
      'gen_ai.response.model',
      'ai.response.model',
      'llm.response.model_name',
      'gen_ai.request.model',
      'ai.model.id',
      'llm.model_name',
      'llm.request.model_name',
      'embedding.model_name',
      'reranker.model_name',
      'gen_ai.model_name',
      'genkit:name',
      'model_name',
      'model',
    ],
    'm-1',
    { metadata: { ls_model_name: 'm-1' } },
  ),
  ...each(['metadata'], '{"ls_model_name":"m-1"}', { metadata: { ls_model_name: 'm-1' } }),
  ...each(['lk.llm_metrics', 'lk.realtime_model_metrics'], '{"metadata":{"model_name":"m-1","model_provider":"openai"}}', {
    metadata: { ls_model_name: 'm-1' },
  }),
  ...each(['input.value'], '{"model":"m-1","messages":[{"role":"user","content":"a"}]}', { metadata: { ls_model_name: 'm-1' } }),
  ...each(
    [
      'langsmith.metadata.ls_provider',
      'ls_provider',
      'ai.telemetry.metadata.ls_provider',
      'lmnr.association.properties.ls_provider',
      'traceloop.association.properties.ls_provider',
      'gen_ai.provider.name',
      'gen_ai.system',
      'llm.provider',
      'llm.system',
      'ai.model.provider',
      'aisdk.model.provider',
      'gen_ai.provider',
      'model_provider',
    ],
    'groq',
    { metadata: { ls_provider: 'groq' } },
  ),
  ...each(['metadata'], '{"ls_provider":"groq"}', { metadata: { ls_provider: 'groq' } }),
  ...each(['braintrust.metadata'], '{"provider":"groq","model":"m-1"}', { metadata: { ls_provider: 'groq', ls_model_name: 'm-1' } }),
  ...each(['server.address'], 'api.x.ai', { metadata: { ls_provider: 'xai' } }),
  ...each(['url.full', 'gen_ai.openai.api_base'], 'https://api.openai.com/v1', { metadata: { ls_provider: 'openai' } }),
  row(
    'a Gemini on Vertex AI',
    { ...llm, 'gen_ai.request.model': 'gemini-2.5-pro', 'gen_ai.system': 'langchain' },
    { metadata: { ls_provider: 'google_genai', ls_provider_inferred: true, gen_ai_system: 'langchain' } },
  ),
  ...(
    [
      ['models/gemini-2.5', 'gemini-2.5'],
      ['publishers/google/models/gemini-2.5', 'gemini-2.5'],
      ['projects/p/locations/l/models/gemini-2.5', 'gemini-2.5'],
      ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-v1', 'us.anthropic.claude-v1'],
      ['openai/gpt-4o', 'gpt-4o'],
      ['openrouter/meta/llama', 'meta/llama'],
      ['acme/model', 'acme/model'],
    ] as const
  ).map(([given, name]) =>
    row(`model ${given}`, { ...llm, 'gen_ai.request.model': given }, { metadata: { ls_model_name: name }, parameters: { model: given } }),
  ),
  ...['unknown', '/models/a.bin', 'a.gguf', '0af76519-16cd-43dd-8448-eb211c80319c', ''].map((given) =>
    row(
      `an answer's model ${given}`,
      { ...llm, 'gen_ai.response.model': given, 'gen_ai.request.model': 'm-1' },
      { metadata: { ls_model_name: 'm-1' } },
    ),
  ),
];

const providers = Object.entries({
  openai: 'openai openai.chat openai.responses oai api.openai.com',
  azure:
    'az.ai.openai azure.ai.openai azure-openai azure_openai azureopenai azure azure.chat az.ai.inference azure.ai.inference my.openai.azure.com my.services.ai.azure.com',
  anthropic: 'anthropic anthropic.messages claude api.anthropic.com',
  amazon_bedrock:
    'aws.bedrock aws_bedrock bedrock bedrock_converse amazon-bedrock amazon_bedrock amazon aws bedrock-runtime.us-east-1.amazonaws.com',
  google_vertexai: 'gcp.vertex_ai vertex_ai vertexai google.vertex.chat google-vertex us-central1-aiplatform.googleapis.com',
  google_genai:
    'gcp.gemini gcp.gen_ai gemini google google.generative-ai google_genai googleai google_ai generativelanguage.googleapis.com',
  mistral: 'mistral_ai mistralai mistral mistral.chat',
  xai: 'x_ai xai xai.chat api.x.ai',
  watsonx: 'ibm.watsonx.ai ibm.watson.ai watsonx ibm',
  cohere: 'cohere cohere_chat',
  groq: 'groq groq.chat',
  deepseek: 'deepseek',
  perplexity: 'perplexity pplx',
  fireworks: 'fireworks fireworks_ai',
  together: 'together together_ai togetherai',
  huggingface: 'hugging_face huggingface',
  ollama: 'ollama localhost:11434',
  moonshot: 'moonshot_ai moonshot',
  alibaba: 'alibaba tongyi dashscope',
}).flatMap(([provider, names]) =>
  [...names.split(' '), ` ${names.split(' ')[0]?.toUpperCase()} `].map((name) =>
    row(`provider ${name}`, { ...llm, 'gen_ai.provider.name': name }, { metadata: { ls_provider: provider } }),
  ),
);
const unchanged =
  'openrouter cerebras cloudflare replicate aleph_alpha ai21 meta qwen zhipuai baidu volcengine nvidia sambanova databricks snowflake vllm lmstudio newcomer';
const frameworks =
  'langchain langgraph strands-agents gcp.vertex.agent crewai autogen microsoft.agent_framework semantic_kernel pydantic_ai pydantic-ai spring_ai litellm litellm_proxy haystack llama_index dify mcp agent openai_agents claude-agent-sdk github.copilot github claude-platform Unknown other _OTHER custom';
const inferred = Object.entries({
  openai: 'gpt-4o o1-mini o3 o4-mini chatgpt-4o text-embedding-3-small dall-e-3 whisper-1 tts-1',
  anthropic: 'claude-sonnet-4',
  amazon_bedrock: 'anthropic.claude-3 amazon.nova-pro us.anthropic.claude-3 meta.llama3-8b-instruct-v1:0',
  google_genai: 'gemini-2.5-pro gemma-3 text-bison',
  mistral: 'mistral-large mixtral-8x7b codestral-2 magistral-small',
  cohere: 'command-r embed-english-v3 rerank-v3',
  xai: 'grok-4',
  deepseek: 'deepseek-chat',
  perplexity: 'sonar-pro',
  alibaba: 'qwen-max',
}).flatMap(([provider, names]) =>
  names
    .split(' ')
    .map((model) =>
      row(
        `the provider of ${model}`,
        { ...llm, 'gen_ai.request.model': model },
        { metadata: { ls_provider: provider, ls_provider_inferred: true } },
      ),
    ),
);

export const modelRows: readonly Row[] = [
  ...models,
  ...providers,
  ...unchanged
    .split(' ')
    .map((name) => row(`provider ${name}`, { ...llm, 'gen_ai.provider.name': name }, { metadata: { ls_provider: name } })),
  ...frameworks
    .split(' ')
    .map((name) =>
      row(`framework ${name}`, { ...llm, 'gen_ai.system': name }, { metadata: { gen_ai_system: name }, absent: ['ls_provider'] }),
    ),
  ...inferred,
];
