import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../src/model/batch.ts';
import { decodeTraces, encodeTraces, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import { parseConditions } from '../../src/ottl/ottl.ts';
import { scene } from './scene.ts';

const int64Max = 2n ** 63n - 1n;
const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: int64Max }),
  fc.bigInt({ min: -300n, max: 300n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: 2n ** 49n - 3n, max: 2n ** 49n + 3n }),
);
/** Around the value itself, where an estimate is of no use, and where it is. */
const near = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -5_000n, max: 5_000n }),
  fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
);

const meanings: Readonly<Record<string, (left: bigint, right: bigint) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};
const operator = fc.constantFrom(...Object.keys(meanings));

function holds(condition: string, span: Span): boolean {
  const evaluation = scene();
  evaluation.span = span;
  return parseConditions([condition], { context: 'span', functions: [] }).test(evaluation);
}

/** The same span as it comes from a wire. */
function decoded(span: Span): Span {
  const { caller } = scene();
  const [group] = decodeTraces(
    encodeTraces(tracesOf(caller, [{ resource: scene().resource, scopeSpans: [{ scope: scene().scope, spans: [span] }] }])),
    caller,
  ).batch.resourceSpans;
  return group?.scopeSpans[0]?.spans[0] as Span;
}

const ids = { traceId: '01'.repeat(16), spanId: '02'.repeat(8) };
const clamp = (value: bigint) => (value > int64Max ? int64Max : value < -int64Max ? -int64Max : value);

test('an int attribute compares with a constant as int64s do, on the wire and off it', () => {
  fc.assert(
    fc.property(int64, near, operator, (value, distance, sign) => {
      const constant = clamp(value + distance);
      const span = spanOf({ ...ids, attributes: { n: value } });
      const condition = `span.attributes["n"] ${sign} ${constant}`;
      const expected = meanings[sign]?.(value, constant);
      expect(holds(condition, span)).toBe(expected);
      expect(holds(condition, decoded(span))).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('a sum or difference of int attributes compares with a constant as int64s do, wrapped', () => {
  fc.assert(
    fc.property(int64, int64, near, operator, fc.constantFrom('+', '-'), (one, other, distance, sign, math) => {
      const value = BigInt.asIntN(64, math === '+' ? one + other : one - other);
      const constant = clamp(value + distance);
      const span = decoded(spanOf({ ...ids, attributes: { one, other } }));
      const condition = `span.attributes["one"] ${math} span.attributes["other"] ${sign} ${constant}`;
      expect(holds(condition, span)).toBe(meanings[sign]?.(value, constant));
    }),
    { numRuns: 500 },
  );
});

test('how long a span took compares with a constant to the nanosecond, whatever its times', () => {
  const time = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 1_767_225_600_000_000_000n, max: 1_767_225_600_000_100_000n }),
  );
  fc.assert(
    fc.property(time, time, near, operator, (startTimeUnixNano, endTimeUnixNano, distance, sign) => {
      const value = BigInt.asIntN(64, endTimeUnixNano - startTimeUnixNano);
      const constant = clamp(value + distance);
      const span = spanOf({ ...ids, startTimeUnixNano, endTimeUnixNano });
      const condition = `span.end_time_unix_nano - span.start_time_unix_nano ${sign} ${constant}`;
      const expected = meanings[sign]?.(value, constant);
      expect(holds(condition, span)).toBe(expected);
      expect(holds(condition, decoded(span))).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('a value that is no int, or is not there, keeps its own comparison with an int', () => {
  const span = decoded(spanOf({ ...ids, attributes: { text: '7', float: 7, yes: true } }));
  expect(holds('span.attributes["float"] == 7', span)).toBe(true);
  expect(holds('span.attributes["float"] >= 8', span)).toBe(false);
  for (const name of ['text', 'yes', 'absent']) {
    expect(holds(`span.attributes["${name}"] > -100000`, span)).toBe(false);
    expect(holds(`span.attributes["${name}"] != 7`, span)).toBe(true);
  }
});
