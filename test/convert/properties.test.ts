import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { Value } from '../../src/model/value.ts';
import { logRecordOf, scopeOf } from '../../src/otlp/otlp.ts';
import { contentRows } from './rows/contents.ts';
import { factRows } from './rows/facts.ts';
import { kindRows } from './rows/kinds.ts';
import { modelRows } from './rows/models.ts';
import { numberRows } from './rows/numbers.ts';
import { caller, draftOf, sent } from './spans.ts';
import { vectors } from './vectors.ts';

const rows = [...kindRows, ...contentRows, ...modelRows, ...numberRows, ...factRows];
const knownKeys = [
  ...new Set([...vectors.flatMap(({ span }) => Object.keys(span.attrs)), ...rows.flatMap(({ attributes }) => Object.keys(attributes))]),
];
const knownValues = [
  ...vectors.flatMap(({ span }) => Object.values(span.attrs)),
  ...rows.flatMap(({ attributes }) => Object.values(attributes)),
];
const knownTexts = [...new Set(knownValues.filter((value) => typeof value === 'string'))];
const knownEvents = [
  ...new Set(
    vectors.flatMap(({ span, logs }) => [
      ...(span.events ?? []).map(({ name }) => name),
      ...(logs ?? []).map((log) => log.event_name ?? ''),
    ]),
  ),
];

const hostileTexts = [
  '',
  '{',
  '[1',
  '{}',
  '[]',
  'null',
  '"',
  '{"__proto__":{"a":1}}',
  '[[[[]]]]',
  '\u0000',
  '{"messages":[{"role":7}]}',
  'NaN',
  '-1',
  '1e999',
];
const text = fc.oneof(fc.string(), fc.constantFrom(...knownTexts), fc.constantFrom(...hostileTexts), fc.json());
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...knownKeys) },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('gen_ai.prompt', 'gen_ai.completion', 'llm.input_messages', 'retrieval.documents', 'llm.tools'),
        fc.nat(9_999),
        fc.constantFrom('role', 'content', 'message.role', 'tool_calls.0.id', '__proto__.x'),
      )
      .map(([prefix, at, rest]) => `${prefix}.${at}.${rest}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'langsmith.metadata.__proto__', 'ls_', 'metadata') },
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));
const attributes = fc.uniqueArray(fc.tuple(key, value), { maxLength: 30, selector: ([name]) => name });
const event = fc.record({
  name: fc.oneof(fc.constantFrom(...knownEvents, 'exception', 'gen_ai.evaluation.result'), fc.string()),
  attributes: fc.uniqueArray(
    fc.tuple(fc.oneof(fc.constantFrom('content', 'role', 'message', 'gen_ai.event.content', 'index'), key), value),
    {
      maxLength: 5,
      selector: ([name]) => name,
    },
  ),
});
const scope = fc.constantFrom(
  '',
  'langsmith',
  'ai',
  '@ai-sdk/otel',
  'openinference.instrumentation.openai',
  'opentelemetry.instrumentation.openai',
);

describe('conversion', () => {
  it('makes valid JSON of any attributes and events, and never throws', () => {
    fc.assert(
      fc.property(attributes, fc.array(event, { maxLength: 4 }), scope, fc.constantFrom(0, 1, 2), (given, events, name, code) => {
        const draft = draftOf({ name: 'span', attributes: given, events, status: { code } }, name);
        const run = runJson(draft);
        expect(['llm', 'chain', 'tool', 'retriever', 'embedding', 'prompt', 'parser']).toContain(run.run_type);
        for (const side of [run.inputs, run.outputs]) if (side !== undefined) expect(side).toBeTypeOf('object');
        for (const side of [run.inputs, run.outputs]) expect(Array.isArray(side)).toBe(false);
        expect(run.tags ?? []).toBeInstanceOf(Array);
      }),
      { numRuns: 1_500 },
    );
  });

  it('makes something of any log record', () => {
    fc.assert(
      fc.property(event, value, (given, body) => {
        const log = logRecordOf({ eventName: given.name, attributes: given.attributes, body });
        expect(runJson(draftOf({ name: 'span', attributes: [] }, '', [log])).run_type).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same bytes for the same span, whatever was converted before', () => {
    fc.assert(
      fc.property(attributes, attributes, scope, (given, other, name) => {
        const fresh = createConverter();
        const used = createConverter();
        const { span, scope: sentScope, resource } = sent({ name: 'span', attributes: given }, scopeOf(name));
        const before = sent({ name: 'other', attributes: other }, scopeOf(name));
        used(before.span, before.scope, before.resource, caller);
        expect(used(span, sentScope, resource, caller)).toEqual(fresh(span, sentScope, resource, caller));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the attributes', () => {
    fc.assert(
      fc.property(attributes, scope, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, name, order) => {
        const shuffled = given
          .map((entry) => ({ entry, at: order.next().value as number }))
          .sort((one, other) => one.at - other.at)
          .map(({ entry }) => entry);
        expect(draftOf({ name: 'span', attributes: shuffled }, name)).toEqual(draftOf({ name: 'span', attributes: given }, name));
      }),
      { numRuns: 500 },
    );
  });

  it('makes the same run of bytes on the wire and of values that somebody has set', () => {
    fc.assert(
      fc.property(attributes, fc.array(event, { maxLength: 3 }), scope, (given, events, name) => {
        const onWire = sent({ name: 'span', attributes: given, events }, scopeOf(name));
        const touched = sent({ name: 'span', attributes: given, events }, scopeOf(name));
        for (const key of [...touched.span.attributes.keys()]) {
          touched.span.attributes.set(key, touched.span.attributes.get(key) as Value);
        }
        const [one, other] = [onWire, touched].map(({ span, scope, resource }) =>
          runJson(createConverter()(span, scope, resource, caller)),
        );
        expect(other).toEqual(one);
      }),
      { numRuns: 1_000, examples: [[[['llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments', '{}']], [], '']] },
    );
  });

  it('loses no scalar that it was given', () => {
    fc.assert(
      fc.property(attributes, scope, (given, name) => {
        // The type of a content part without content says nothing, a finish reason is a text, and millionths of dollars become dollars.
        const marked = given
          .filter(([key]) => !/\.(?:message_content\.type|finish_reason)$|^cost_usd_micros$/.test(key))
          .map(([key], at): [string, Value] => [key, at % 2 === 0 ? `marker-${at}-end` : BigInt(1_000_003 + at)]);
        const run = JSON.stringify(runJson(draftOf({ name: 'span', attributes: marked }, name)));
        for (const [, value] of marked) expect(run).toContain(String(value));
      }),
      { numRuns: 500 },
    );
  });
});
