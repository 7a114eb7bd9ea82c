import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/model/fault.ts';
import { transform } from '../../src/processors/transform/transform.ts';
import { logs, problemsOf, processorOf, recordsOf, spansOf, traces, world } from './batches.ts';

describe('trace_statements', () => {
  it('run in their order', () => {
    const trace_statements = ['set(span.attributes["a"], "x")', 'set(span.attributes["b"], span.attributes["a"])'];
    const [span] = spansOf(processorOf(transform, { trace_statements }).process(traces([{}])));
    expect(span?.attributes.get('b')).toBe('x');
  });

  it('work in the context that each mentions', () => {
    const trace_statements = [
      'set(resource.attributes["r"], 1)',
      'set(scope.attributes["s"], 2)',
      'set(span.name, "renamed")',
      'set(spanevent.attributes["e"], spanevent.event_index)',
    ];
    const batch = processorOf(transform, { trace_statements }).process(traces([{ name: 'x', events: [{ name: 'a' }, { name: 'b' }] }]));
    const group = batch.signal === 'traces' ? batch.resourceSpans[0] : undefined;
    const [span] = spansOf(batch);
    expect(group?.resource.attributes.get('r')).toBe(1n);
    expect(group?.scopeSpans[0]?.scope.attributes.get('s')).toBe(2n);
    expect(span?.name).toBe('renamed');
    expect(span?.events.map(({ attributes }) => attributes.get('e'))).toEqual([0n, 1n]);
  });

  it('share a cache per record, and only per record', () => {
    const trace_statements = [
      'set(span.cache["name"], span.name) where span.name == "first"',
      'set(span.attributes["cached"], span.cache["name"]) where span.cache["name"] != nil',
    ];
    const spans = spansOf(processorOf(transform, { trace_statements }).process(traces([{ name: 'first' }, { name: 'second' }])));
    expect(spans.map(({ attributes }) => attributes.get('cached'))).toEqual(['first', undefined]);
  });

  it('see what the request brought along', () => {
    const trace_statements = ['set(span.attributes["tenant"], otelcol.client.metadata["x-tenant"])'];
    const [span] = spansOf(processorOf(transform, { trace_statements }).process(traces([{}])));
    expect(span?.attributes.get('tenant')).toBe('acme');
  });

  it('do nothing to log records, as log_statements do nothing to spans', () => {
    const settings = { trace_statements: ['set(span.name, "x")'], log_statements: ['set(log.severity_text, "x")'] };
    expect(recordsOf(processorOf(transform, settings).process(logs([{}])))[0]?.severityText).toBe('x');
    expect(spansOf(processorOf(transform, settings).process(traces([{}])))[0]?.name).toBe('x');
  });
});

describe('groups', () => {
  it('run where any of their conditions holds', () => {
    const group = { conditions: ['span.name == "a"', 'span.name == "b"'], statements: ['set(span.attributes["hit"], true)'] };
    const spans = spansOf(
      processorOf(transform, { trace_statements: [group] }).process(traces([{ name: 'a' }, { name: 'b' }, { name: 'c' }])),
    );
    expect(spans.map(({ attributes }) => attributes.has('hit'))).toEqual([true, true, false]);
  });

  it('take the old style: a context, and paths without it', () => {
    const group = { context: 'span', statements: ['set(attributes["a"], resource.attributes["env"]) where name == "x"'] };
    const [span] = spansOf(processorOf(transform, { trace_statements: [group] }).process(traces([{ name: 'x' }], { env: 'ci' })));
    expect(span?.attributes.get('a')).toBe('ci');
  });
});

describe('error_mode', () => {
  const failing = { trace_statements: ['set(span.attributes["a"], Int(span.name) / 0)', 'set(span.attributes["b"], 1)'] };

  it('ignore logs what failed, without its data, and goes on', () => {
    const { deps, logged } = world();
    const [span] = spansOf(processorOf(transform, failing, deps).process(traces([{ name: '7' }])));
    expect(span?.attributes.get('b')).toBe(1n);
    expect(logged).toEqual([
      {
        level: 'warn',
        sentence: 'an OTTL statement failed and was passed over',
        facts: { component: 'tested', context: 'span', position: 1, reason: expect.any(String) },
      },
    ]);
  });

  it('silent goes on without a word', () => {
    const { deps, logged } = world();
    processorOf(transform, { ...failing, error_mode: 'silent' }, deps).process(traces([{ name: '7' }]));
    expect(logged).toEqual([]);
  });

  it('propagate refuses the batch', () => {
    const processor = processorOf(transform, { ...failing, error_mode: 'propagate' });
    expect(() => processor.process(traces([{ name: '7' }]))).toThrow(Fault);
    expect(() => processor.process(traces([{ name: '7' }]))).toThrow(/^cannot process data: /);
  });

  it('of a group beats that of the processor', () => {
    const group = { statements: failing.trace_statements, error_mode: 'silent' };
    const { deps, logged } = world();
    processorOf(transform, { trace_statements: [group], error_mode: 'propagate' }, deps).process(traces([{ name: '7' }]));
    expect(logged).toEqual([]);
  });
});

describe('settings', () => {
  it('report every bad statement at its place, with a caret', () => {
    const problems = problemsOf(transform, {
      trace_statements: ['set(span.name, "ok")', 'sett(span.name, "x")', { context: 'span', statements: ['set(nme, "x")'] }],
    });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^trace_statements::1: 1:1: undefined function "sett"\n {2}sett\(span\.name, "x"\)\n {2}\^\^\^\^/);
    expect(problems[1]).toMatch(/^trace_statements::2::statements::0: 1:5: /);
  });

  it('refuse a statement that no context fits, with what is wrong in the one that fits best', () => {
    const problems = problemsOf(transform, { trace_statements: ['set(log.body, "x")', 'set(name, "x")', 'drop()'] });
    expect(problems[0]).toMatch(/^trace_statements::0: 1:5: context span does not see "log"/);
    expect(problems[1]).toMatch(/^trace_statements::1: 1:5: path "name" does not start with a context[\s\S]*did you mean "span.name"\?$/);
    expect(problems[2]).toMatch(/^trace_statements::2: 1:1: undefined function "drop"[\s\S]*editors here: set, /);
  });

  it('refuse conditions that mention nothing, and say how to name the context', () => {
    const groups = [{ conditions: ['true'], statements: [] }];
    expect(problemsOf(transform, { trace_statements: groups }).join()).toContain('name it: {context: span, conditions: […]}');
  });
});
