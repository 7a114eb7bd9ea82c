import type { Dialect } from '../dialect.ts';
import { agentFramework } from './agent-framework.ts';
import { autogen } from './autogen.ts';
import { braintrust } from './braintrust.ts';
import { claudeApi } from './claude-api.ts';
import { claudeCode, codex } from './claude-code.ts';
import { copilotCli } from './copilot-cli.ts';
import { dify } from './dify.ts';
import { geminiCli } from './gemini-cli.ts';
import { genai } from './genai.ts';
import { genaiEvents } from './genai-events.ts';
import { generic } from './generic.ts';
import { genkit } from './genkit.ts';
import { googleAdk } from './google-adk.ts';
import { haystack } from './haystack.ts';
import { laminar } from './laminar.ts';
import { langchain4j } from './langchain4j.ts';
import { langfuse } from './langfuse.ts';
import { langsmith, langsmithSdk } from './langsmith.ts';
import { langwatch } from './langwatch.ts';
import { litellm } from './litellm.ts';
import { livekit, pipecat } from './livekit.ts';
import { mastra } from './mastra.ts';
import { mcp } from './mcp.ts';
import { mlflow } from './mlflow.ts';
import { openaiAgents } from './openai-agents.ts';
import { openinference } from './openinference.ts';
import { openlit } from './openlit.ts';
import { openllmetry } from './openllmetry.ts';
import { openrouter } from './openrouter.ts';
import { logfire, pydanticAi } from './pydantic-ai.ts';
import { semanticKernel } from './semantic-kernel.ts';
import { springAi, vectorDatabase } from './spring-ai.ts';
import { strands } from './strands.ts';
import { vercel, vercel7 } from './vercel.ts';
import { voltagent } from './voltagent.ts';

/** Every dialect, the more particular before the more general: the first that a span is of names its `ls_integration`. */
export const dialects: readonly Dialect[] = [
  langsmithSdk,
  langsmith,
  dify,
  langfuse,
  laminar,
  langwatch,
  mlflow,
  braintrust,
  mastra,
  vercel,
  vercel7,
  genkit,
  googleAdk,
  strands,
  pydanticAi,
  openaiAgents,
  logfire,
  semanticKernel,
  agentFramework,
  autogen,
  livekit,
  pipecat,
  haystack,
  springAi,
  langchain4j,
  claudeCode,
  claudeApi,
  codex,
  copilotCli,
  geminiCli,
  voltagent,
  litellm,
  openrouter,
  openlit,
  openllmetry,
  openinference,
  genaiEvents,
  genai,
  mcp,
  vectorDatabase,
  generic,
];
