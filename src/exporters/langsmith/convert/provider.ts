/** `ls_provider`: one spelling per provider, because LangSmith finds prices by it (mapping §9). */

const spellings: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai', 'oai', 'api.openai.com'],
  azure: [
    'azure',
    'az.ai.openai',
    'azure.ai.openai',
    'azure-openai',
    'azure_openai',
    'azureopenai',
    'az.ai.inference',
    'azure.ai.inference',
    'azure_ai',
  ],
  anthropic: ['anthropic', 'claude', 'api.anthropic.com'],
  amazon_bedrock: ['aws.bedrock', 'aws_bedrock', 'bedrock', 'bedrock_converse', 'amazon-bedrock', 'amazon_bedrock', 'amazon', 'aws'],
  google_vertexai: ['gcp.vertex_ai', 'vertex_ai', 'vertexai', 'google_vertexai'],
  google_genai: [
    'gcp.gemini',
    'gcp.gen_ai',
    'gemini',
    'google',
    'google_genai',
    'googleai',
    'google_ai',
    'generativelanguage.googleapis.com',
  ],
  mistral: ['mistral_ai', 'mistralai', 'mistral', 'api.mistral.ai'],
  xai: ['x_ai', 'xai', 'api.x.ai'],
  watsonx: ['ibm.watsonx.ai', 'ibm.watson.ai', 'watsonx', 'ibm'],
  cohere: ['cohere', 'cohere_chat', 'api.cohere.com', 'api.cohere.ai'],
  groq: ['groq', 'api.groq.com'],
  deepseek: ['deepseek', 'api.deepseek.com'],
  perplexity: ['perplexity', 'pplx', 'api.perplexity.ai'],
  fireworks: ['fireworks', 'fireworks_ai', 'api.fireworks.ai'],
  together: ['together', 'together_ai', 'togetherai', 'api.together.xyz'],
  huggingface: ['hugging_face', 'huggingface'],
  ollama: ['ollama', 'localhost:11434'],
  moonshot: ['moonshot_ai', 'moonshot'],
  alibaba: ['alibaba', 'tongyi', 'dashscope'],
};

const bySpelling = new Map(Object.entries(spellings).flatMap(([provider, names]) => names.map((name) => [name, provider] as const)));

const byPattern: readonly (readonly [RegExp, string])[] = [
  [/\.openai\.azure\.com$|\.services\.ai\.azure\.com$|^azure\./, 'azure'],
  [/^bedrock(?:-runtime)?\..*amazonaws\.com$/, 'amazon_bedrock'],
  [/^google[.-]vertex|-aiplatform\.googleapis\.com$/, 'google_vertexai'],
  [/^google\.generative-ai/, 'google_genai'],
  [/^openai\./, 'openai'],
  [/^anthropic\./, 'anthropic'],
];

/** Names of frameworks and gateways: they say nothing about who runs the model. */
const frameworks = new Set([
  'langchain',
  'langgraph',
  'strands-agents',
  'gcp.vertex.agent',
  'crewai',
  'autogen',
  'microsoft.agent_framework',
  'semantic_kernel',
  'pydantic_ai',
  'pydantic-ai',
  'spring_ai',
  'litellm',
  'litellm_proxy',
  'haystack',
  'llama_index',
  'dify',
  'mcp',
  'agent',
  'openai_agents',
  'claude-agent-sdk',
  'github.copilot',
  'github',
  'claude-platform',
  'unknown',
  'other',
  '_other',
  'custom',
]);

const aiSdkSuffix = /\.(?:chat|responses|messages|completion|embedding|image|generative-ai|transcription|speech|reranking)$/;

/** The provider's one spelling; a provider nobody knows passes through in lower case; `undefined` for frameworks. */
export function providerOf(given: string): string | undefined {
  let name = given.trim().toLowerCase();
  if (name === '') return undefined;
  const host = /^https?:\/\/([^/]+)/.exec(name)?.[1];
  if (host !== undefined) name = host;
  else if (name.includes('/')) name = name.slice(name.lastIndexOf('/') + 1);
  if (frameworks.has(name)) return undefined;
  const known = knownProvider(name);
  if (known !== undefined) return known;
  const short = name.replace(aiSdkSuffix, '');
  return knownProvider(short) ?? short;
}

/** The provider if this is one of its spellings. */
export function knownProvider(name: string): string | undefined {
  const exact = bySpelling.get(name);
  if (exact !== undefined) return exact;
  for (const [pattern, provider] of byPattern) if (pattern.test(name)) return provider;
  return undefined;
}

const byModel: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:us|eu|apac|global)\.)?(?:anthropic|amazon|meta|cohere|mistral|ai21|deepseek)\.|^arn:aws/, 'amazon_bedrock'],
  [/(?:^|[/:])(?:gpt-|o1|o3|o4|chatgpt|text-embedding-|dall-e|whisper|tts-)/, 'openai'],
  [/claude/, 'anthropic'],
  [/gemini|gemma|text-bison/, 'google_genai'],
  [/mistral|mixtral|codestral|magistral/, 'mistral'],
  [/^command|embed-english|^rerank-/, 'cohere'],
  [/grok/, 'xai'],
  [/deepseek/, 'deepseek'],
  [/^sonar/, 'perplexity'],
  [/qwen/, 'alibaba'],
];

/** Who runs a model of this name, as far as the name tells. */
export function providerOfModel(model: string): string | undefined {
  const lower = model.toLowerCase();
  for (const [pattern, provider] of byModel) if (pattern.test(lower)) return provider;
  return undefined;
}

const hostsOnly = /^[\w.-]+\.[a-z]{2,}$|^localhost:11434$/;

/** Who answers at this host, as far as that is known. */
export function providerOfHost(address: string): string | undefined {
  const host = (/^https?:\/\/([^/]+)/.exec(address)?.[1] ?? address).toLowerCase();
  return hostsOnly.test(host) ? knownProvider(host) : undefined;
}
