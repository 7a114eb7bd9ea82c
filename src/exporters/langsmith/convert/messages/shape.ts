/**
 * Who wrote a message list. Most bodies say it themselves; the hint decides where they do not: texts that hold JSON (`events`, `openllmetry`,
 * `openinference`), and bodies that are only a prompt or an input (`vercel`, `responses`).
 */
export type Shape =
  | 'genai'
  | 'events'
  | 'openllmetry'
  | 'openinference'
  | 'vercel'
  | 'openai'
  | 'responses'
  | 'anthropic'
  | 'bedrock'
  | 'gemini'
  | 'cohere'
  | 'ollama'
  | 'langchain'
  | 'genkit'
  | 'livekit';
