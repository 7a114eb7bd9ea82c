/** What the programs' conversations look like in runs: LangSmith renders these messages, whichever instrumentation told of them. */
import { expect } from 'vitest';
import type { Dict } from './model/answer.ts';
import type { World } from './world.ts';

const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } };

export const question: readonly Dict[] = [
  { role: 'system', content: 'You know the weather.' },
  { role: 'user', content: 'How warm is it in Paris?' },
];
export const asksTool: Dict = { role: 'assistant', content: null, tool_calls: [call] };
export const result: Dict = { role: 'tool', tool_call_id: call.id, content: '{"degrees":18}' };
export const answer: Dict = { role: 'assistant', content: 'It is 18 degrees in Paris.' };
export const hello: readonly Dict[] = [{ role: 'user', content: 'Say hello.' }];
export const greeting: Dict = { role: 'assistant', content: 'Hello there, traveller.' };

/** The outputs of an llm run with one answer. */
export const choices = (message: Dict, finish = message.tool_calls === undefined ? 'stop' : 'tool_calls'): Dict => ({
  choices: [{ index: 0, message, finish_reason: finish }],
});

/** Who answered, as LangSmith's dashboards and prices read it. */
export const chatModel: Dict = {
  ls_provider: 'openai',
  ls_model_name: 'gpt-4o-mini-2024-07-18',
  request_model: 'gpt-4o-mini',
  ls_model_type: 'chat',
};

/** `call`: the name of the runs that are model calls. */
export function expectToolLoop(world: World, call: string): void {
  const [first, second] = ['#1', '#2'].map((index) => world.at('tool loop', `${call}${index}`));
  expect(first?.inputs).toEqual({ messages: question });
  expect(first?.outputs).toEqual(choices(asksTool));
  expect(second?.inputs).toEqual({ messages: [...question, asksTool, result] });
  expect(second?.outputs).toEqual(choices(answer));
}

export function expectStreams(world: World, call: string): void {
  expect(world.at('stream', call).inputs).toEqual({ messages: hello });
  expect(world.at('stream', call).outputs).toEqual(choices(greeting));
  expect(world.at('streamed tool call', call).outputs).toEqual(choices(asksTool));
}
