/** The recipes in config/examples, with the runs that they make, and what `convert --explain` says of them. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatProblem, loadConfig, type ServiceConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';
import { convertThrough, explainRedaction } from '../../src/service/convert-file.ts';

const env = { LANGSMITH_API_KEY: 'one', RESTRICTED_LANGSMITH_API_KEY: 'two', REDACTION_KEY: 'a key that only this test knows of' };

async function example(name: string): Promise<ServiceConfig> {
  const loaded = await loadConfig({ uris: [join(import.meta.dirname, '../../config/examples', name)], sets: [], env, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

const messages = [
  { role: 'system', content: 'You are kind.' },
  { role: 'user', content: 'I am ann@example.com, not support@example.com' },
];
const answer = [{ role: 'assistant', content: 'Hello Ann' }];
const attributes = {
  'openinference.span.kind': 'LLM',
  'llm.model_name': 'gpt-4o',
  'llm.token_count.prompt': 12,
  'llm.token_count.completion': 3,
  'input.value': JSON.stringify({ messages }),
  'output.value': JSON.stringify({ messages: answer }),
  'user.id': 'ann',
  'user.email': 'ann@example.com',
  metadata: JSON.stringify({ user_id: 'ann', plan: 'pro' }),
};
const span = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  name: 'chat',
  kind: 1,
  startTimeUnixNano: '1767225600000000000',
  endTimeUnixNano: '1767225601000000000',
  attributes: Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  })),
  status: { code: 2, message: 'no mail to ann@example.com' },
};
const file = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));

async function runs(name: string): Promise<Record<string, Record<string, unknown>[]>> {
  return (await convertThrough(await example(name), file, undefined)) as Record<string, Record<string, unknown>[]>;
}

it('redaction-secrets-and-personal-data.yaml: addresses leave as tokens, in content, metadata and errors alike', async () => {
  const { langsmith } = await runs('redaction-secrets-and-personal-data.yaml');
  const text = JSON.stringify(langsmith);
  expect(text).not.toContain('ann@example.com');
  expect(text).toContain('not support@example.com');
  const tokens = text.match(/<email:[0-9a-f]{16}>/g) ?? [];
  expect(tokens.length).toBeGreaterThanOrEqual(3);
  expect(new Set(tokens).size).toBe(1);
});

it('redaction-user-ids.yaml: the runs of a user belong together, and nobody sees whose they are', async () => {
  const { langsmith } = await runs('redaction-user-ids.yaml');
  const [run] = langsmith ?? [];
  const { extra, inputs } = run as { extra: { metadata: Record<string, unknown> }; inputs: unknown };
  const { metadata } = extra;
  expect(metadata.user_id).toMatch(/^<user_id:[0-9a-f]{16}>$/);
  expect(metadata.plan).toBe('pro');
  expect(JSON.stringify(metadata)).not.toContain('"ann"');
  expect(JSON.stringify(inputs)).toContain('ann@example.com');
});

it('redaction-content-apart.yaml: everybody sees counts and shapes, the restricted workspace what was said', async () => {
  const { 'langsmith/everybody': everybody, 'langsmith/restricted': restricted } = await runs('redaction-content-apart.yaml');
  expect(JSON.stringify(restricted)).toContain('I am ann@example.com');
  expect(JSON.stringify(everybody)).not.toMatch(/ann@example|You are kind|Hello/);
  const [open, masked] = [restricted?.[0], everybody?.[0]] as {
    inputs: { messages: { role: string }[] };
    extra: { metadata: Record<string, unknown> };
  }[];
  expect(masked?.inputs.messages.map(({ role }) => role)).toEqual(open?.inputs.messages.map(({ role }) => role));
  expect(masked?.extra.metadata.usage_metadata).toEqual(open?.extra.metadata.usage_metadata);
  expect(masked?.extra.metadata.ls_model_name).toBe('gpt-4o');
});

it('an explanation says who removed what where, by which rule, and never what it was', async () => {
  const lines = await explainRedaction(await example('redaction-secrets-and-personal-data.yaml'), file, undefined);
  expect(lines).toEqual([
    'redaction: email: span.attributes["input.value"] $.messages[1].content',
    'redaction: email: span.attributes["user.email"]',
    'redaction: email: span.status.message',
  ]);
});
