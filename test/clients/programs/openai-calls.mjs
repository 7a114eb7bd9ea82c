// What an application does with the openai package: a conversation with a tool, a stream, a streamed tool call, responses, embeddings, a failure.
import { inSpan, weatherTool } from './telemetry.mjs';

export async function callOpenAI(OpenAI, provider) {
  const client = new OpenAI({ apiKey: 'key', baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 });
  const model = 'gpt-4o-mini';
  const scene = (name, step) => inSpan(provider, name, step, { 'session.id': 'thread-7' });

  await scene('tool loop', async () => {
    const messages = [
      { role: 'system', content: 'You know the weather.' },
      { role: 'user', content: 'How warm is it in Paris?' },
    ];
    const asked = { model, temperature: 0.2, max_tokens: 100, tools: [weatherTool] };
    const first = await client.chat.completions.create({ ...asked, messages });
    const { message } = first.choices[0];
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '{"degrees":18}' };
    await client.chat.completions.create({ ...asked, messages: [...messages, message, result] });
  });

  const hello = [{ role: 'user', content: 'Say hello.' }];
  await scene('stream', async () => {
    const stream = await client.chat.completions.create({ model, messages: hello, stream: true, stream_options: { include_usage: true } });
    for await (const _ of stream);
  });
  await scene('streamed tool call', async () => {
    const question = [{ role: 'user', content: 'How warm is it in Paris?' }];
    const usage = { stream: true, stream_options: { include_usage: true } };
    const stream = await client.chat.completions.create({ model, messages: question, tools: [weatherTool], ...usage });
    for await (const _ of stream);
  });
  await scene('response', () => client.responses.create({ model, instructions: 'Be kind.', input: hello }));
  await scene('streamed response', async () => {
    const stream = await client.responses.create({ model, input: hello, stream: true });
    for await (const _ of stream);
  });
  await scene('embedding', () => client.embeddings.create({ model: 'text-embedding-3-small', input: 'a sunny day' }));
  await scene('failure', () => client.chat.completions.create({ model: 'gpt-broken', messages: hello })).catch(() => undefined);
}
