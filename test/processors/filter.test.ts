import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/model/fault.ts';
import { filter } from '../../src/processors/filter/filter.ts';
import { logs, problemsOf, processorOf, recordsOf, spansOf, traces, world } from './batches.ts';

const names = (settings: object): string[] => {
  const spans = [
    { name: 'GET /health', attributes: { code: 200n } },
    { name: 'chat', attributes: { code: 500n }, events: [{ name: 'noise' }, { name: 'exception' }] },
  ];
  return spansOf(processorOf(filter, settings).process(traces(spans, { env: 'ci' }))).map(({ name }) => name);
};

describe('trace_conditions', () => {
  it.each([
    [['span.attributes["code"] == 200'], ['chat']],
    [['span.name == "chat"', 'span.attributes["code"] == 200'], []],
    [['resource.attributes["env"] == "ci"'], []],
    [['resource.attributes["env"] == "prod"'], ['GET /health', 'chat']],
    [['scope.name == "lib"'], []],
    [['otelcol.client.metadata["x-tenant"] == "acme"'], []],
    [[{ conditions: ['IsMatch(span.name, "^GET")'] }], ['chat']],
    [[{ context: 'span', conditions: ['name == "chat"'] }], ['GET /health']],
  ])('%j leave %j', (trace_conditions, left) => {
    expect(names({ trace_conditions })).toEqual(left);
  });

  it('drop events alone', () => {
    const batch = processorOf(filter, { trace_conditions: ['spanevent.name == "noise"'] }).process(
      traces([{ name: 'chat', events: [{ name: 'noise' }, { name: 'exception' }] }]),
    );
    expect(spansOf(batch)[0]?.events.map(({ name }) => name)).toEqual(['exception']);
  });

  it('leave no empty resources and scopes', () => {
    const batch = processorOf(filter, { trace_conditions: ['span.name == "a"'] }).process(traces([{ name: 'a' }]));
    expect(batch.signal === 'traces' && batch.resourceSpans).toEqual([]);
  });
});

describe('older styles', () => {
  it('take lists by context', () => {
    expect(names({ traces: { span: ['attributes["code"] == 500'] } })).toEqual(['GET /health']);
    expect(names({ traces: { resource: ['attributes["env"] == "ci"'] } })).toEqual([]);
    expect(names({ traces: { span: ['name == "chat"'], spanevent: ['name == "noise"'] } })).toEqual(['GET /health']);
  });

  it('take include and exclude', () => {
    expect(names({ spans: { include: { match_type: 'strict', span_names: ['chat'] } } })).toEqual(['chat']);
    expect(names({ spans: { exclude: { match_type: 'regexp', span_names: ['health$'] } } })).toEqual(['chat']);
  });

  it('take include and exclude of logs', () => {
    const kept = (settings: object) =>
      recordsOf(
        processorOf(filter, { logs: settings }).process(
          logs([
            { severityText: 'INFO', body: 'a' },
            { severityText: 'WARN', body: 'b' },
          ]),
        ),
      ).map(({ body }) => body);
    expect(kept({ include: { match_type: 'strict', severity_texts: ['WARN'] } })).toEqual(['b']);
    expect(kept({ exclude: { match_type: 'regexp', bodies: ['^b'] } })).toEqual(['a']);
    expect(kept({ log_record: ['severity_text == "INFO"'] })).toEqual(['b']);
  });
});

describe('error_mode', () => {
  const trace_conditions = ['Int(span.name) / 0 == 1', 'span.name == "chat"'];

  it('ignore counts an error as false, and asks on', () => {
    const { deps, logged } = world();
    const spans = spansOf(processorOf(filter, { trace_conditions }, deps).process(traces([{ name: 'chat' }, { name: '7' }])));
    expect(spans.map(({ name }) => name)).toEqual(['7']);
    expect(logged.length).toBeGreaterThan(0);
  });

  it('propagate refuses the batch', () => {
    const processor = processorOf(filter, { trace_conditions, error_mode: 'propagate' });
    expect(() => processor.process(traces([{ name: '7' }]))).toThrow(Fault);
  });
});

describe('settings', () => {
  it.each([
    [
      { trace_conditions: ['span.name == "a"'], traces: { span: ['name == "a"'] } },
      ['traces: cannot be used together with trace_conditions'],
    ],
    [
      { spans: { include: { match_type: 'strict', span_names: ['a'] } }, traces: { span: ['name == "a"'] } },
      ['spans: cannot be used together with traces'],
    ],
    [
      { logs: { include: { match_type: 'strict', bodies: ['a'] }, log_record: ['body == "a"'] } },
      ['logs: include and exclude cannot be used together with conditions'],
    ],
    [{ logs: { include: { match_type: 'strict' } } }, ['logs::include: must have at least one property to match']],
  ])('refuse %j', (settings, problems) => {
    expect(problemsOf(filter, settings)).toEqual(problems);
  });

  it('report every bad condition at its place, with a caret', () => {
    const problems = problemsOf(filter, { trace_conditions: ['span.nam == "x"', 'true', { conditions: ['IsMatsch(span.name, "x")'] }] });
    expect(problems[0]).toMatch(/^trace_conditions::0: 1:1: .*\n {2}span\.nam == "x"\n {2}\^+/);
    expect(problems[1]).toMatch(/^trace_conditions::1: cannot tell the context/);
    expect(problems[2]).toMatch(/^trace_conditions::2::conditions::0: 1:1: undefined function "IsMatsch"/);
    expect(problems).toHaveLength(3);
  });
});
