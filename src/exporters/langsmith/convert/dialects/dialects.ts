import type { Dialect } from '../dialect.ts';
import { braintrust } from './braintrust.ts';
import { claudeCode, codex } from './claude-code.ts';
import { dify } from './dify.ts';
import { geminiCli } from './gemini-cli.ts';
import { genai } from './genai.ts';
import { genaiEvents } from './genai-events.ts';
import { generic } from './generic.ts';
import { genkit } from './genkit.ts';
import { googleAdk } from './google-adk.ts';
import { haystack } from './haystack.ts';
import { laminar } from './laminar.ts';
import { langfuse } from './langfuse.ts';
import { langsmith, langsmithSdk } from './langsmith.ts';
import { langwatch } from './langwatch.ts';
import { litellm } from './litellm.ts';
import { livekit, pipecat } from './livekit.ts';
import { mastra } from './mastra.ts';
import { mlflow } from './mlflow.ts';
import { openinference } from './openinference.ts';
import { openllmetry } from './openllmetry.ts';
import { logfire, pydanticAi } from './pydantic-ai.ts';
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
  vercel,
  vercel7,
  genkit,
  googleAdk,
  strands,
  pydanticAi,
  logfire,
  livekit,
  pipecat,
  haystack,
  springAi,
  claudeCode,
  codex,
  geminiCli,
  mastra,
  voltagent,
  litellm,
  openllmetry,
  openinference,
  genaiEvents,
  genai,
  vectorDatabase,
  generic,
];
