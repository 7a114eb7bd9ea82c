import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AttributeKey } from '../../src/model/attribute-key.ts';
import type { Attributes, Value } from '../../src/model/value.ts';
import { attributesOf, cloneSpan, decodeTraces, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import { oracle, oracleEncode } from './oracle.ts';
import { caller, plainAttributes, plainTraces, plainValue } from './plain.ts';
import { attribute, block, exportOf, goodSpan, join } from './wire.ts';

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'long.key.of.some.instrumentation', 'ключ');
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
);
const step = fc.oneof(
  fc.record({ act: fc.constant('set' as const), key, value }),
  fc.record({ act: fc.constant('delete' as const), key, value: fc.constant(null) }),
);

/** Attributes that stand on the wire. */
function decoded(pairs: readonly (readonly [string, string])[]): Attributes {
  const attributes = pairs.map(([name, stringValue]) => ({ key: name, value: { stringValue } }));
  const spans = [{ traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2), attributes }];
  const body = oracleEncode(oracle.traces, { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const span = decodeTraces(body, caller).batch.resourceSpans[0]?.scopeSpans[0]?.spans[0];
  if (span === undefined) throw new Error('no span');
  return span.attributes;
}

function sorted(pairs: Iterable<readonly [string, Value]>): unknown[] {
  return [...pairs].map(([name, given]) => [name, plainValue(given)]).sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}

describe('attributes', () => {
  test('after any sets and deletes they hold what a Map would hold, and a clone made halfway does not follow', () => {
    const start = fc.array(fc.tuple(key, fc.string()), { maxLength: 8 });
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 12 }), (pairs, steps) => {
        const attributes = decoded(pairs);
        const model = new Map<string, Value>(pairs);
        const origin = spanOf({ attributes });
        const copy = cloneSpan(origin).attributes;
        const before = sorted(copy);
        for (const { act, key: name, value: given } of steps) {
          if (act === 'set') {
            attributes.set(name, given);
            model.set(name, given);
          } else expect(attributes.delete(name)).toBe(model.delete(name));
          expect(attributes.get(name)).toEqual(model.get(name));
          expect(attributes.has(name)).toBe(model.has(name));
        }
        plainAttributes(attributes);
        expect(sorted(attributes)).toEqual(sorted(model));
        expect([...attributes.keys()].sort()).toEqual([...model.keys()].sort());
        expect(attributes.size).toBe(model.size);
        expect(sorted(copy)).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  test('a key known at load is found wherever other attributes had it before, and put like any other', () => {
    const names = ['a', 'b', 'c', '__proto__', 'absent', 'k'.repeat(200)];
    const known = names.map((name) => new AttributeKey(name));
    const name = fc.constantFrom(...names);
    const act = fc.constantFrom('put', 'set', 'delete', 'look');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.string()), { maxLength: 6 }),
        fc.array(fc.tuple(act, name), { maxLength: 12 }),
        (pairs, steps) => {
          const attributes = decoded(pairs);
          const model = new Map<string, Value>(pairs);
          for (const [act, one] of steps) {
            const key = known[names.indexOf(one)] as AttributeKey;
            if (act === 'put') attributes.put(key, 'new');
            else if (act === 'set') attributes.set(one, 'new');
            else if (act === 'delete') attributes.delete(one);
            if (act === 'delete') model.delete(one);
            else if (act !== 'look') model.set(one, 'new');
            const position = attributes.locate(key);
            expect(position < 0 ? undefined : attributes.valueAt(position)).toBe(model.get(one));
            expect(attributes.keyAt(position)).toBe(model.has(one) ? one : undefined);
          }
          for (const key of known) expect(attributes.locate(key) >= 0).toBe(model.has(key.text));
          expect(sorted(attributes)).toEqual(sorted(model));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of a key that comes twice on the wire only the last one is seen, in both views', () => {
    const attributes = decoded([
      ['a', 'first'],
      ['b', 'other'],
      ['a', 'last'],
    ]);
    expect(attributes.length).toBe(3);
    expect(attributes.keyAt(0)).toBeUndefined();
    expect([...attributes]).toEqual([
      ['b', 'other'],
      ['a', 'last'],
    ]);
    attributes.delete('a');
    expect(attributes.has('a')).toBe(false);
  });

  test('keys too long to be kept and keys that are no UTF-8 are told apart and found again', () => {
    const long = 'k'.repeat(1000);
    const attributes = decoded([
      [long, '1'],
      ['short', '2'],
      [long, '3'],
    ]);
    expect([...attributes]).toEqual([
      ['short', '2'],
      [long, '3'],
    ]);
  });

  test('ten thousand different keys cost no memory that stays and none is confused with another', () => {
    const pairs = Array.from({ length: 10_000 }, (_, index): [string, string] => [
      `llm.input_messages.${index}.message.content`,
      `${index}`,
    ]);
    const attributes = decoded(pairs);
    expect(attributes.size).toBe(10_000);
    expect([...attributes]).toEqual(pairs);
    expect(attributes.get('llm.input_messages.9999.message.content')).toBe('9999');
  });

  test('an own __proto__ member of an object is an ordinary attribute', () => {
    const attributes = attributesOf(JSON.parse('{"__proto__": "data"}') as Record<string, string>);
    expect(attributes.get('__proto__')).toBe('data');
    expect(attributes.get('toString')).toBeUndefined();
  });

  test('a string that is not UTF-8 has no text range, and its value has U+FFFD where it is broken', () => {
    for (const [broken, text] of [
      [Buffer.from([0x61, 0xff, 0x62]), 'a\ufffdb'],
      [Buffer.concat([Buffer.alloc(100, 0x61), Buffer.from([0xed, 0xa0, 0x80])]), `${'a'.repeat(100)}\ufffd\ufffd\ufffd`],
    ] as const) {
      const body = exportOf(join(goodSpan, attribute('a', block(1, broken))));
      const found = decodeTraces(body, caller).batch.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes;
      expect(found?.typeAt(0)).toBe('string');
      expect(found?.textAt(0)).toBeUndefined();
      expect(found?.get('a')).toBe(text);
    }
    const genuine = decoded([['a', `${'a'.repeat(40)}\ufffd`]]);
    expect(genuine.textAt(0)).toBeDefined();
  });

  test('a guess never changes a value', () => {
    const content = fc.oneof(
      fc.string({ maxLength: 4 }).map((text) => Buffer.from(text)),
      fc.string({ unit: 'binary', maxLength: 4 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((raw) => Buffer.from(raw)),
    );
    fc.assert(
      fc.property(
        content,
        fc.oneof(
          content.map((raw) => raw.toString('utf8')),
          content.map((raw) => raw.toString('latin1')),
        ),
        (raw, guess) => {
          const body = exportOf(join(goodSpan, attribute('text', block(1, raw))));
          const attributes = decodeTraces(body, caller).batch.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes;
          for (const one of [guess, raw.toString('utf8'), raw.toString('latin1')])
            expect(attributes?.valueAt(0, one)).toBe(raw.toString('utf8'));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a deletion by position is one by key', () => {
    const attributes = decoded([
      ['one', '1'],
      ['two', '2'],
    ]);
    attributes.set('three', '3');
    attributes.deleteAt(attributes.locate(new AttributeKey('one')));
    attributes.deleteAt(attributes.locate(new AttributeKey('three')));
    expect([...attributes]).toEqual([['two', '2']]);
    expect(attributes.has('three')).toBe(false);
  });

  test('the number of an int is the int, or nothing where a number could not hold it', () => {
    const values: [Value, number][] = [
      [0n, 0],
      [300n, 300],
      [2n ** 40n, 2 ** 40],
      [2n ** 63n - 1n, Number.NaN],
      [7, Number.NaN],
      ['7', Number.NaN],
      [null, Number.NaN],
    ];
    const attributes = attributesOf(values.map(([given], index): [string, Value] => [`${index}`, given]));
    expect(values.map((_, index) => attributes.numberAt(index))).toEqual(values.map(([, number]) => number));
  });
});

describe('clones', () => {
  test('a batch and its clone share no changeable state', () => {
    const batch = tracesOf(caller, [
      {
        resource: { attributes: attributesOf({ 'service.name': 'shop' }), droppedAttributesCount: 0, schemaUrl: 's' },
        scopeSpans: [
          {
            scope: { name: 'n', version: 'v', attributes: attributesOf({}), droppedAttributesCount: 0, schemaUrl: '' },
            spans: [
              spanOf({
                traceId: 'a'.repeat(32),
                spanId: 'b'.repeat(16),
                name: 'before',
                startTimeUnixNano: 5n,
                attributes: { a: 'b' },
                events: [{ name: 'e', timeUnixNano: 7_000n, attributes: { x: 1n } }],
                links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
                status: { code: 2, message: 'bad' },
              }),
            ],
          },
        ],
      },
    ]);
    const copy = batch.clone();
    const before = plainTraces(copy);
    expect(before).toEqual(plainTraces(batch));
    const group = batch.resourceSpans[0];
    const span = group?.scopeSpans[0]?.spans[0];
    if (group === undefined || span === undefined) throw new Error('no span');
    group.resource.attributes.set('service.name', 'changed');
    group.resource.schemaUrl = 'changed';
    span.name = 'after';
    span.startTimeUnixNano = 9_000n;
    span.attributes.set('a', 'changed');
    span.status.message = 'changed';
    for (const event of span.events) {
      event.name = 'changed';
      event.attributes.delete('x');
    }
    for (const link of span.links) link.spanId = '';
    span.events.push(...span.events);
    batch.resourceSpans.push(group);
    expect(plainTraces(copy)).toEqual(before);
    expect(span.startMicros).toBe(9);
  });
});
