import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routing } from '../../src/connectors/routing/routing.ts';
import { type Batch, itemCount } from '../../src/model/batch.ts';
import { Fault } from '../../src/model/fault.ts';
import { resourceOf, scopeOf, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import { caller, logs, problemsOf, recordsOf, spansOf, traces, world } from '../processors/batches.ts';

const pipelines = ['traces/a', 'traces/b', 'traces/c'];

function connector(settings: object, deps = world().deps) {
  return routing.create(routing.schema.parse(settings), deps, pipelines);
}

/** Span names by pipeline. */
function route(settings: object, batch: Batch): Record<string, string[]> {
  return Object.fromEntries(
    connector(settings)
      .route(batch)
      .map((part) => [part.pipeline, spansOf(part.batch).map(({ name }) => name)]),
  );
}

/** Two resources, each with two scopes of two spans. */
function forest() {
  return tracesOf(
    caller,
    ['red', 'blue'].map((color) => ({
      resource: resourceOf({ color }),
      scopeSpans: ['x', 'y'].map((scope) => ({
        scope: scopeOf(scope),
        spans: [1, 2].map((n) => spanOf({ name: `${color}.${scope}.${n}`, attributes: { n: BigInt(n) } })),
      })),
    })),
  );
}

const red = ['red.x.1', 'red.x.2', 'red.y.1', 'red.y.2'];
const blue = ['blue.x.1', 'blue.x.2', 'blue.y.1', 'blue.y.2'];

describe('the table', () => {
  it('routes whole resources', () => {
    const table = [{ condition: 'resource.attributes["color"] == "red"', pipelines: ['traces/a'] }];
    expect(route({ table, default_pipelines: ['traces/c'] }, forest())).toEqual({ 'traces/a': red, 'traces/c': blue });
  });

  it('reads paths without a context as those of the resource', () => {
    const table = [{ statement: 'route() where attributes["color"] == "red"', pipelines: ['traces/a'] }];
    expect(route({ table }, forest())).toEqual({ 'traces/a': red });
    expect(
      route({ table: [{ context: 'resource', condition: 'attributes["color"] == "blue"', pipelines: ['traces/a'] }] }, forest()),
    ).toEqual({
      'traces/a': blue,
    });
  });

  it('routes single spans and keeps the structure around them', () => {
    const table = [{ context: 'span', condition: 'span.attributes["n"] == 1', pipelines: ['traces/a'] }];
    const parts = connector({ table, default_pipelines: ['traces/b'] }).route(forest());
    const shape = parts.map(({ pipeline, batch }) => [
      pipeline,
      batch.signal === 'traces' &&
        batch.resourceSpans.map(({ resource, scopeSpans }) => [
          resource.attributes.get('color'),
          scopeSpans.map(({ scope, spans }) => [scope.name, spans.map(({ name }) => name)]),
        ]),
    ]);
    const half = (n: number) => ['red', 'blue'].map((color) => [color, ['x', 'y'].map((scope) => [scope, [`${color}.${scope}.${n}`]])]);
    expect(Object.fromEntries(shape as [string, unknown][])).toEqual({ 'traces/a': half(1), 'traces/b': half(2) });
  });

  it('routes by scope', () => {
    const table = [{ condition: 'scope.name == "x"', pipelines: ['traces/a'] }];
    expect(route({ table }, forest())).toEqual({ 'traces/a': ['red.x.1', 'red.x.2', 'blue.x.1', 'blue.x.2'] });
  });

  it.each([
    ['the old word', { context: 'request', condition: 'request["X-Tenant"] == "acme"' }],
    ['the old word, inferred', { condition: 'request["X-Tenant"] == "acme"' }],
    ['the new one', { condition: 'otelcol.client.metadata["x-tenant"] == "acme"' }],
    ['both words of the context', { context: 'otelcol', condition: 'otelcol.client.metadata["x-tenant"] == "acme"' }],
  ])('routes whole requests by their headers: %s', (_name, row) => {
    expect(route({ table: [{ ...row, pipelines: ['traces/a'] }], default_pipelines: ['traces/b'] }, forest())).toEqual({
      'traces/a': [...red, ...blue],
    });
  });

  it('gives data to the first row that matches', () => {
    const table = [
      { condition: 'span.name == "red.x.1"', pipelines: ['traces/a'] },
      { condition: 'resource.attributes["color"] == "red"', pipelines: ['traces/b'] },
      { condition: 'span.attributes["n"] == 1', pipelines: ['traces/c'] },
    ];
    expect(route({ table }, forest())).toEqual({
      'traces/a': ['red.x.1'],
      'traces/b': ['red.x.2', 'red.y.1', 'red.y.2'],
      'traces/c': ['blue.x.1', 'blue.y.1'],
    });
  });

  it('copies leave the data for later rows and the default', () => {
    const table = [
      { condition: 'resource.attributes["color"] == "red"', pipelines: ['traces/a'], action: 'copy' },
      { condition: 'span.name == "red.x.1"', pipelines: ['traces/b'] },
    ];
    expect(route({ table, default_pipelines: ['traces/c'] }, forest())).toEqual({
      'traces/a': red,
      'traces/b': ['red.x.1'],
      'traces/c': [...red.slice(1), ...blue],
    });
  });

  it('sends data to a pipeline once, however many rows name it', () => {
    const table = [
      { condition: 'resource.attributes["color"] == "red"', pipelines: ['traces/a'], action: 'copy' },
      { condition: 'span.attributes["n"] == 1', pipelines: ['traces/a', 'traces/a'] },
    ];
    expect(route({ table }, forest())['traces/a']).toEqual([...red, 'blue.x.1', 'blue.y.1']);
  });

  it('lets an editor change what it routes, and nothing else', () => {
    const table = [
      { statement: 'delete_key(resource.attributes, "color") where resource.attributes["color"] == "red"', pipelines: ['traces/a'] },
    ];
    const batch = forest();
    const [part] = connector({ table }).route(batch);
    expect(part?.batch.signal === 'traces' && part.batch.resourceSpans[0]?.resource.attributes.has('color')).toBe(false);
    expect(batch.resourceSpans[0]?.resource.attributes.get('color')).toBe('red');
  });

  it('lets an editor see only what the rows before it have left', () => {
    const table = [
      { condition: 'span.name == "red.x.1"', pipelines: ['traces/a'] },
      { statement: 'delete_key(resource.attributes, "color") where resource.attributes["color"] == "red"', pipelines: ['traces/b'] },
      { condition: 'span.attributes["n"] == 1', pipelines: ['traces/c'] },
    ];
    const parts = connector({ table }).route(forest());
    const colors = parts.map(({ pipeline, batch }) => [
      pipeline,
      batch.signal === 'traces' && batch.resourceSpans.map(({ resource }) => resource.attributes.get('color')),
      spansOf(batch).map(({ name }) => name),
    ]);
    expect(colors).toEqual([
      ['traces/a', ['red'], ['red.x.1']],
      ['traces/b', [undefined], red.slice(1)],
      ['traces/c', ['blue'], ['blue.x.1', 'blue.y.1']],
    ]);
  });

  it('routes log records', () => {
    const table = [
      { condition: 'log.severity_text == "WARN"', pipelines: ['traces/a'] },
      { condition: 'span.name == "x"', pipelines: ['traces/b'] },
    ];
    const parts = connector({ table }).route(logs([{ severityText: 'WARN' }, { severityText: 'INFO' }]));
    expect(parts.map(({ pipeline, batch }) => [pipeline, recordsOf(batch).map(({ severityText }) => severityText)])).toEqual([
      ['traces/a', ['WARN']],
    ]);
  });
});

describe('several pipelines', () => {
  it('share nothing that can be changed', () => {
    const table = [{ condition: 'true == true', context: 'resource', pipelines: ['traces/a', 'traces/b'] }];
    const [one, other] = connector({ table }).route(traces([{ name: 'n', attributes: { a: 1n } }], { r: 'r' }));
    const [first, second] = [one?.batch, other?.batch].map((batch) => (batch?.signal === 'traces' ? batch.resourceSpans[0] : undefined));
    first?.resource.attributes.set('r', 'changed');
    first?.scopeSpans[0]?.scope.attributes.set('s', 'changed');
    spansOf(one?.batch as Batch)[0]?.attributes.set('a', 'changed');
    expect(second?.resource.attributes.get('r')).toBe('r');
    expect(second?.scopeSpans[0]?.scope.attributes.has('s')).toBe(false);
    expect(spansOf(other?.batch as Batch)[0]?.attributes.get('a')).toBe(1n);
  });
});

describe('error_mode', () => {
  const table = [{ condition: 'Int(span.name) / 0 == 1', pipelines: ['traces/a'] }];

  it('propagate refuses the batch', () => {
    expect(() => connector({ table }).route(traces([{ name: '7' }]))).toThrow(Fault);
  });

  it('ignore counts an error as no match, and logs it', () => {
    const { deps, logged } = world();
    const parts = connector({ table, default_pipelines: ['traces/c'], error_mode: 'ignore' }, deps).route(traces([{ name: '7' }]));
    expect(parts.map(({ pipeline }) => pipeline)).toEqual(['traces/c']);
    expect(logged.map(({ facts }) => facts.row)).toEqual([1]);
  });
});

it('counts what goes nowhere', () => {
  const counted: unknown[][] = [];
  const { deps } = world();
  const observer = { ...deps.observer, log: deps.observer.log, dropped: (...facts: unknown[]) => void counted.push(facts) };
  const table = [{ condition: 'resource.attributes["color"] == "red"', pipelines: ['traces/a'] }];
  connector({ table }, { ...deps, observer: observer as typeof deps.observer }).route(forest());
  expect(counted).toEqual([['tested', 'filtered', 4]]);
});

it('routes every span exactly once where all rows move', () => {
  const conditions = fc.constantFrom(
    'resource.attributes["color"] == "red"',
    'scope.name == "x"',
    'span.attributes["n"] == 1',
    'span.name == "blue.y.2"',
    'request["x-tenant"] == "other"',
  );
  const rows = fc.array(fc.record({ condition: conditions, pipelines: fc.constantFrom(['traces/a'], ['traces/b']) }), { minLength: 1 });
  fc.assert(
    fc.property(rows, (table) => {
      const parts = connector({ table, default_pipelines: ['traces/c'] }).route(forest());
      const names = parts.flatMap(({ batch }) => spansOf(batch).map(({ name }) => name));
      expect(names.sort()).toEqual([...red, ...blue].sort());
      for (const { batch } of parts) expect(itemCount(batch)).toBeGreaterThan(0);
    }),
  );
});

describe('settings', () => {
  const good = { condition: 'span.name == "x"', pipelines: ['traces/a'] };
  it.each([
    [{ table: [] }, ['table: invalid routing table: the routing table is empty']],
    [{ table: [{ pipelines: ['traces/a'] }] }, ['table::0: invalid route: no condition or statement provided']],
    [{ table: [{ ...good, statement: 'route()' }] }, ['table::0: invalid route: both condition and statement provided']],
    [{ table: [{ ...good, pipelines: [] }] }, ['table::0::pipelines: invalid route: no pipelines defined']],
    [
      { table: [{ condition: 'spanevent.name == "x"', pipelines: ['traces/a'] }] },
      ['table::0::condition: context is not available here (contexts here: [request otelcol resource scope span log])'],
    ],
  ])('refuse %j', (settings, problems) => {
    expect(problemsOf(routing, settings)).toEqual(problems);
  });

  it('refuse bad conditions and statements with a caret', () => {
    expect(problemsOf(routing, { table: [{ ...good, condition: 'span.nam == "x"' }] })[0]).toMatch(
      /^table::0::condition: 1:1: .*\n.*\n {2}\^+/,
    );
    expect(problemsOf(routing, { table: [{ statement: 'set(span.name, "x")', pipelines: ['traces/a'] }] })[0]).toMatch(
      /^table::0::statement: 1:1: undefined function "set"/,
    );
  });

  it('refuse pipelines that are not behind the connector', () => {
    const settings = routing.schema.parse({ table: [{ ...good, pipelines: ['traces/elsewhere'] }] });
    expect(() => routing.create(settings, world().deps, pipelines)).toThrow(
      'cannot route from "tested" to "traces/elsewhere": that pipeline does not list it as a receiver',
    );
  });
});
