import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bytes, bytes } from '../../src/model/bytes.ts';
import { Fault } from '../../src/model/fault.ts';
import {
  decodeLogs,
  decodeLogsInSteps,
  decodeTraces,
  decodeTracesInSteps,
  decodeTracesJson,
  decodeTracesJsonInSteps,
  type Steps,
  tracesJson,
} from '../../src/otlp/otlp.ts';
import { anyLogs, anyTraces } from './arbitrary.ts';
import { oracle, oracleEncode } from './oracle.ts';
import { caller, plainLogs, plainTraces } from './plain.ts';

const anyStepBytes = fc.integer({ min: 1, max: 300 });

/** The results of works whose steps take turns, and the number of their breaks. */
function inTurns<Result>(works: readonly Steps<Result>[]): { readonly results: Result[]; readonly breaks: number } {
  const results: Result[] = [];
  let breaks = 0;
  for (const open = new Set(works.keys()); open.size > 0; ) {
    for (const index of open) {
      const { done, value } = (works[index] as Steps<Result>).next();
      if (done) {
        results[index] = value;
        open.delete(index);
      } else breaks += 1;
    }
  }
  return { results, breaks };
}

test('steps of several trace exports that take turns read what one step reads', () => {
  fc.assert(
    fc.property(anyTraces, anyTraces, anyStepBytes, (one, other, stepBytes) => {
      const bodies = [one, other].map((message) => oracleEncode(oracle.traces, message));
      const { results } = inTurns(bodies.map((body) => decodeTracesInSteps(body, caller, stepBytes)));
      for (const [index, body] of bodies.entries()) {
        const atOnce = decodeTraces(body, caller);
        expect(plainTraces((results[index] as typeof atOnce).batch)).toEqual(plainTraces(atOnce.batch));
        expect(results[index]).toMatchObject({ items: atOnce.items, rejected: atOnce.rejected, message: atOnce.message });
      }
    }),
  );
});

test('steps of JSON likewise', () => {
  fc.assert(
    fc.property(anyTraces, anyTraces, anyStepBytes, (one, other, stepBytes) => {
      const bodies = [one, other].map((message) =>
        bytes.from(tracesJson(decodeTraces(oracleEncode(oracle.traces, message), caller).batch)),
      );
      const { results } = inTurns(bodies.map((body) => decodeTracesJsonInSteps(body, caller, stepBytes)));
      for (const [index, body] of bodies.entries()) {
        const atOnce = decodeTracesJson(body, caller);
        expect(plainTraces((results[index] as typeof atOnce).batch)).toEqual(plainTraces(atOnce.batch));
      }
    }),
  );
});

test('steps of log exports likewise', () => {
  fc.assert(
    fc.property(anyLogs, anyStepBytes, (message, stepBytes) => {
      const body = oracleEncode(oracle.logs, message);
      const { results } = inTurns([decodeLogsInSteps(body, caller, stepBytes)]);
      expect(results.map(({ batch }) => plainLogs(batch))).toEqual([plainLogs(decodeLogs(body, caller).batch)]);
    }),
  );
});

test('a body that is cut off is refused with the same words in steps as at once', () => {
  fc.assert(
    fc.property(anyTraces, anyStepBytes, fc.nat(), (message, stepBytes, cut) => {
      const whole = oracleEncode(oracle.traces, message);
      const body = whole.subarray(0, whole.length === 0 ? 0 : cut % whole.length);
      expect(endOf(() => inTurns([decodeTracesInSteps(body, caller, stepBytes)]))).toBe(endOf(() => decodeTraces(body, caller)));
    }),
  );
});

test('there is a break after each step, between spans', () => {
  const span = (index: number) => ({ traceId: hex(index, 32), spanId: hex(index, 16), name: 'n'.repeat(100) });
  const resourceSpans = [{ scopeSpans: [{ spans: Array.from({ length: 100 }, (_, index) => span(index)) }] }];
  const json = bytes.from(JSON.stringify({ resourceSpans }));
  const [whole] = inTurns([decodeTracesJsonInSteps(json, caller, Infinity)]).results;
  expect(inTurns([decodeTracesInSteps(whole?.source as Bytes, caller, 1_400)]).breaks).toBeGreaterThanOrEqual(9);
  expect(inTurns([decodeTracesJsonInSteps(json, caller, 2_000)]).breaks).toBeGreaterThanOrEqual(9);
  expect(inTurns([decodeTracesInSteps(whole?.source as Bytes, caller, Infinity)]).breaks).toBe(0);
});

const hex = (number: number, digits: number): string => (number + 1).toString(16).padStart(digits, '0');

function endOf(work: () => unknown): string {
  try {
    work();
    return 'read';
  } catch (error) {
    return error instanceof Fault ? error.message : `${error}`;
  }
}
