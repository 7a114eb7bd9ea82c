import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { SpanFields } from '../../src/otlp/otlp.ts';
import { resourceOf, scopeOf } from '../../src/otlp/otlp.ts';
import { caller, entriesOf, sent, startNano } from './spans.ts';

type Fields = Record<string, unknown>;

/** The run, by a converter that has seen other spans before, or by a new one. */
function runBy(convert: ReturnType<typeof createConverter>, attributes: Fields, fields: SpanFields = {}, resource: Fields = {}): Fields {
  const one = sent({ name: 'span', ...fields, attributes: entriesOf(attributes) }, scopeOf('test'), resourceOf(entriesOf(resource)));
  return runJson(convert(one.span, one.scope, one.resource, caller));
}

const metadataOf = (run: Fields): Fields => (run.extra as { metadata: Fields }).metadata;

const details = {
  name: 'gen_ai.client.inference.operation.details',
  timeUnixNano: startNano,
  attributes: entriesOf({ 'gen_ai.input.messages': '[{"role":"user","content":"in the event"}]', 'gen_ai.response.id': 'resp-1' }),
};

describe('what is remembered of a list of keys', () => {
  const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };

  it('is not changed by a span whose event says more', () => {
    const convert = createConverter();
    const plain = runBy(convert, call);
    const withDetails = runBy(convert, call, { events: [details] });
    expect(withDetails.inputs).toEqual({ messages: [{ role: 'user', content: 'in the event' }] });
    expect(runBy(convert, call)).toEqual(plain);
    expect(plain.inputs).toBeUndefined();
  });

  it('says of each span what a new converter says', () => {
    const key = fc.constantFrom(
      ...[
        'gen_ai.operation.name',
        'gen_ai.tool.name',
        'tool.name',
        'input.value',
        'output.value',
        'user.id',
        'session.id',
        'llm.model_name',
      ],
      ...[
        'gen_ai.usage.input_tokens',
        'llm.token_count.prompt',
        'langsmith.metadata.a',
        'langsmith.metadata.b',
        'ls_x',
        'plain',
        'service.name',
      ],
      ...['gen_ai.prompt.0.content', 'gen_ai.prompt.0.role', 'gen_ai.completion.0.content', 'openinference.span.kind', 'operation.name'],
    );
    const value = fc.constantFrom<unknown>('chat', 'execute_tool', 'LLM', 'aaaa', 'bbbb', 'ä', '', '{"a":1}', '["x"]', 7, 8.5, true);
    const attributes = fc
      .uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 8 })
      .map((list) => Object.fromEntries(list));
    const shared = createConverter();
    fc.assert(
      fc.property(attributes, fc.boolean(), (given, hasDetails) => {
        const fields = hasDetails ? { events: [details] } : {};
        const resource = { 'service.name': 'shop', plain: 'of the resource' };
        expect(runBy(shared, given, fields, resource)).toEqual(runBy(createConverter(), given, fields, resource));
      }),
      { numRuns: 500 },
    );
  });

  it('does not take one text for another of the same length', () => {
    const convert = createConverter();
    const users = ['anna', 'otto', 'änn', 'anna', 'ann\u0000', 'a'];
    expect(users.map((user) => metadataOf(runBy(convert, { 'user.id': user })).user_id)).toEqual([...users.slice(0, 4), 'ann\ufffd', 'a']);
  });
});
