// An application on LangChain.js, instrumented by OpenInference: a chain with a tool loop, a stream, and a call that fails.
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import * as callbackManager from '@langchain/core/callbacks/manager';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { startTracing } from './telemetry.mjs';

const provider = startTracing();
new LangChainInstrumentation({ tracerProvider: provider }).manuallyInstrument(callbackManager);
const settings = { apiKey: 'key', maxRetries: 0, temperature: 0.2, configuration: { baseURL: process.env.OPENAI_BASE_URL } };
const model = new ChatOpenAI({ ...settings, model: 'gpt-4o-mini' });
const weather = tool(async () => '{"degrees":18}', {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
});
const thread = { metadata: { session_id: 'thread-7', plan: 'pro' } };

const loop = RunnableLambda.from(async ({ question }, config) => {
  const messages = [new SystemMessage('You know the weather.'), new HumanMessage(question)];
  const armed = model.bindTools([weather]);
  const first = await armed.invoke(messages, config);
  const result = await weather.invoke(first.tool_calls[0], config);
  return (await armed.invoke([...messages, first, result], config)).content;
}).withConfig({ runName: 'tool loop' });
await loop.invoke({ question: 'How warm is it in Paris?' }, thread);

const chain = ChatPromptTemplate.fromMessages([['human', 'Say {word}.']])
  .pipe(model)
  .pipe(new StringOutputParser());
for await (const _ of await chain.withConfig({ runName: 'stream' }).stream({ word: 'hello' }, thread));

const broken = new ChatOpenAI({ ...settings, model: 'gpt-broken' }).withConfig({ runName: 'failure' });
await broken.invoke('Break.', thread).catch(() => undefined);
await provider.shutdown();
