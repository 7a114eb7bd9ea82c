/** What holds for every processor, whatever the data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { referenceMarkdown } from '../../src/config/reference-markdown.ts';
import { routing } from '../../src/connectors/routing/routing.ts';
import { type Batch, itemCount } from '../../src/model/batch.ts';
import { Fault } from '../../src/model/fault.ts';
import { decodeLogs, decodeTraces, encodeLogs, encodeTraces } from '../../src/otlp/otlp.ts';
import { processors } from '../../src/processors/processors.ts';
import { anyLogs, anyTraces } from '../otlp/arbitrary.ts';
import { oracle, oracleEncode } from '../otlp/oracle.ts';
import { caller, processorOf, world } from './batches.ts';

/** Settings that make each processor do all that it can. */
const settings: Readonly<Record<string, object>> = {
  memory_limiter: { check_interval: '1s', limit_mib: 10 },
  batch: {},
  attributes: {
    include: { match_type: 'regexp', attributes: [{ key: 'a', value: '.' }] },
    actions: [
      { key: 'a', action: 'hash' },
      { key: 'b', action: 'upsert', from_attribute: '__proto__' },
      { key: '__proto__', action: 'convert', converted_type: 'string' },
      { key: 'a', action: 'extract', pattern: '(?P<first>[0-9a-f])' },
      { pattern: '^gen_ai', action: 'delete' },
    ],
  },
  resource: { attributes: [{ key: 'a', action: 'convert', converted_type: 'int' }] },
  filter: {
    trace_conditions: ['span.attributes["a"] != nil', 'Len(spanevent.name) > 3', 'IsMatch(resource.attributes["a"], "x")'],
    log_conditions: ['log.body == nil', 'Int(log.attributes["a"]) > 5'],
  },
  transform: {
    trace_statements: [
      'set(span.name, Concat([span.name, span.attributes["a"]], "-"))',
      'flatten(span.attributes)',
      'truncate_all(span.attributes, 10)',
      'set(span.attributes["n"], Int(span.attributes["a"]) / 0)',
      'replace_all_patterns(spanevent.attributes, "value", "(a+)+$", "b")',
      'keep_keys(spanlink.attributes, ["a"])',
    ],
    log_statements: ['set(log.body["x"], 1)', 'merge_maps(log.attributes, ParseJSON(log.body), "upsert")'],
  },
  gen_ai_normalizer: {
    sources: [
      { name: 'openinference' },
      { name: 'house', remove_originals: true, overwrite: true, mappings: { a: 'gen_ai.request.top_p' } },
    ],
  },
  probabilistic_sampler: { mode: 'proportional', sampling_percentage: 50 },
  trace_sampler: { rate: 0.5, rules: [{ name: 'a', condition: 'span.attributes["a"] == nil', action: 'keep' }] },
  redaction: { allowed_keys: ['a'], blocked_values: ['(a|b)+'], redact_all_types: true, summary: 'debug', hash_function: 'sha3' },
};

const batches: fc.Arbitrary<Batch> = fc.oneof(
  anyTraces.map((plain) => decodeTraces(oracleEncode(oracle.traces, plain), caller).batch),
  anyLogs.map((plain) => decodeLogs(oracleEncode(oracle.logs, plain), caller).batch),
);

function encoded(batch: Batch): Uint8Array {
  return batch.signal === 'traces' ? encodeTraces(batch) : encodeLogs(batch);
}

describe.each(processors.map((factory) => ({ type: factory.type, factory })))('$type', ({ type, factory }) => {
  it('makes nothing up, throws nothing but Faults, and leaves what can be encoded', () => {
    const processor = processorOf(factory, settings[type]);
    fc.assert(
      fc.property(batches, (batch) => {
        const incoming = itemCount(batch);
        const before = processor.mutates ? undefined : encoded(batch);
        try {
          const after = processor.process(batch);
          const outgoing = itemCount(after);
          expect(outgoing).toBeLessThanOrEqual(incoming);
          if (processor.drops === 'none') expect(outgoing).toBe(incoming);
          const bytes = encoded(after);
          if (before !== undefined) expect(bytes).toEqual(before);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
      }),
    );
  });

  it('comes to the same result on every replica', () => {
    const replicas = [processorOf(factory, settings[type]), processorOf(factory, settings[type])];
    fc.assert(
      fc.property(batches, (batch) => {
        const [one, other] = replicas.map((processor) => encoded(processor.process(batch.clone())));
        expect(one).toEqual(other);
      }),
      { numRuns: 30 },
    );
  });
});

it('a connector that only moves loses nothing and doubles nothing', () => {
  const table = [
    { condition: 'span.attributes["a"] != nil', pipelines: ['x'] },
    { condition: 'log.attributes["a"] != nil', pipelines: ['x'] },
    { condition: 'resource.attributes["a"] != nil', pipelines: ['y'] },
  ];
  const parsed = routing.schema.parse({ table, default_pipelines: ['z'] });
  const connector = routing.create(parsed, world().deps, ['x', 'y', 'z']);
  fc.assert(
    fc.property(batches, (batch) => {
      const parts = connector.route(batch).map((part) => part.batch);
      expect(parts.reduce((count, part) => count + itemCount(part), 0)).toBe(itemCount(batch));
      for (const part of parts) encoded(part);
    }),
  );
});

it('every schema can be documented', () => {
  const factories = [...processors, routing];
  expect(Object.keys(jsonSchema(factories))).toContain('properties');
  for (const { type } of factories) expect(referenceMarkdown(factories)).toContain(`### ${type}`);
});
