/** A span with everything, and a handful of functions, for the tests of the language. */

import type { Value } from '../../src/model/value.ts';
import { logRecordOf, resourceOf, scopeOf, spanOf } from '../../src/otlp/otlp.ts';
import {
  choice,
  converter,
  converterReference,
  editor,
  enumeration,
  type FunctionSpec,
  getter,
  lambda,
  listOf,
  literal,
  mapTarget,
  optional,
  pattern,
  target,
  unsupported,
} from '../../src/ottl/function.ts';
import { type CompileOptions, Evaluation } from '../../src/ottl/ottl.ts';
import { Duration, Id, type OttlValue, Time, typeOf } from '../../src/ottl/value.ts';

export const mapOf = (entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> => new Map(Object.entries(entries));

export function scene(): Evaluation {
  const evaluation = new Evaluation(
    { now: () => 42n, random: (length) => new Uint8Array(length) },
    {
      receiver: 'otlp',
      transport: 'grpc',
      address: '10.0.0.1',
      metadata: new Map([
        ['x-tenant', ['acme']],
        ['x-many', ['a', 'b']],
      ]),
      auth: new Map([['subject', 'ada']]),
      receivedAtMs: 0,
    },
  );
  evaluation.resource = resourceOf({ 'service.name': 'shop' }, 'https://schema/r');
  evaluation.scope = scopeOf('lib', '1.2', { lang: 'ts' });
  evaluation.span = spanOf({
    traceId: '0102030405060708090a0b0c0d0e0f10',
    spanId: '0102030405060708',
    name: 'chat',
    kind: 3,
    traceState: 'vendor=1,other=2',
    flags: 1,
    startTimeUnixNano: 1_000_000_000n,
    endTimeUnixNano: 3_500_000_000n,
    droppedAttributesCount: 4,
    status: { code: 2, message: 'no' },
    attributes: {
      text: 'hello',
      int: 7n,
      float: 1.5,
      yes: true,
      raw: Uint8Array.of(1, 2),
      list: ['a', 2n, mapOf({ b: 'deep' })],
      map: mapOf({ a: mapOf({ b: 3n }), n: null }),
      empty: null,
    },
    events: [{ name: 'first', timeUnixNano: 2n, attributes: { k: 'v' } }],
    links: [{ traceId: 'ff020304050607080900000000000000', spanId: 'ff02030405060708', traceState: 'l=1', attributes: { l: 1n } }],
  });
  evaluation.spanEvent = evaluation.span.events[0] as Evaluation['spanEvent'];
  evaluation.spanLink = evaluation.span.links[0] as Evaluation['spanLink'];
  evaluation.log = logRecordOf({
    body: mapOf({ text: 'hi', parts: [1n] }),
    severityNumber: 9,
    severityText: 'INFO',
    timeUnixNano: 5n,
    eventName: 'e',
  });
  return evaluation;
}

const set = editor({
  name: 'set',
  summary: 'Assigns.',
  parameters: { target, value: getter.any },
  compile:
    ({ target: place, value }) =>
    (evaluation) =>
      place.set(evaluation, value(evaluation)),
});

const deleteKey = editor({
  name: 'delete_key',
  summary: 'Removes a key.',
  parameters: { target: mapTarget, key: getter.string },
  compile:
    ({ target: place, key }) =>
    (evaluation) => {
      const map = place.open(evaluation);
      map.delete(key(evaluation));
      place.save(evaluation, map);
    },
});

const put = editor({
  name: 'put',
  summary: 'Sets a key of a map in place.',
  parameters: { target: mapTarget, key: literal.string, value: getter.any },
  compile:
    ({ target: place, key, value }) =>
    (evaluation) => {
      const map = place.open(evaluation);
      map.set(key, value(evaluation));
      place.save(evaluation, map);
    },
});

const isMatch = converter({
  name: 'IsMatch',
  summary: 'Tests.',
  parameters: { target: getter.string, pattern },
  result: 'bool',
  compile:
    ({ target: text, pattern: shape }) =>
    (evaluation) =>
      shape(evaluation).test(text(evaluation)),
});

const split = converter({
  name: 'Split',
  summary: 'Splits.',
  parameters: { target: getter.string, delimiter: literal.string },
  result: 'list',
  compile:
    ({ target: text, delimiter }) =>
    (evaluation) =>
      text(evaluation).split(delimiter),
});

const upper = converter({
  name: 'ToUpperCase',
  summary: 'Raises.',
  parameters: { value: getter.string },
  result: 'string',
  compile:
    ({ value }) =>
    (evaluation) =>
      value(evaluation).toUpperCase(),
});

const apply = converter({
  name: 'Apply',
  summary: 'Applies a converter.',
  parameters: { value: getter.any, function: converterReference },
  result: 'any',
  compile:
    ({ value, function: run }) =>
    (evaluation) =>
      run(evaluation, value(evaluation)),
});

/** Gives back what it gets, so that nothing is known at load. */
const same = converter({
  name: 'Same',
  summary: 'Returns its argument.',
  parameters: { value: getter.any },
  volatile: true,
  result: 'any',
  compile: ({ value }) => value,
});

const all = converter({
  name: 'All',
  summary: 'Whether a lambda holds for all.',
  parameters: { target: getter.list, lambda: lambda(1) },
  result: 'bool',
  compile:
    ({ target: list, lambda: holds }) =>
    (evaluation) =>
      list(evaluation).every((value) => holds.call(evaluation, value) === true),
});

const mapEach = converter({
  name: 'MapEach',
  summary: 'Maps a list.',
  parameters: { target: getter.list, lambda: lambda(1, 2) },
  result: 'list',
  compile:
    ({ target: list, lambda: change }) =>
    (evaluation) =>
      list(evaluation).map((value, index) =>
        change.arity === 1 ? change.call(evaluation, value) : change.call(evaluation, BigInt(index), value),
      ),
});

const options = converter({
  name: 'Options',
  summary: 'Shows its arguments.',
  parameters: {
    words: listOf(literal.string),
    mode: optional(choice('keep', 'drop'), 'keep'),
    pairDelimiter: optional(literal.string, '='),
    limit: optional(literal.int, 9n),
    factor: optional(literal.float, 0.5),
    flag: optional(literal.bool, false),
    kind: optional(enumeration, 0n),
  },
  result: 'list',
  compile: (args) => () => [args.words, args.mode, args.pairDelimiter, args.limit, args.factor, args.flag, args.kind],
});

const typeName = converter({
  name: 'TypeName',
  summary: 'Names the type of a value.',
  parameters: { value: getter.any },
  result: 'string',
  compile:
    ({ value }) =>
    (evaluation) =>
      typeOf(value(evaluation)),
});

function constant(name: string, value: OttlValue): FunctionSpec {
  return converter({ name, summary: 'A value.', parameters: {}, result: typeOf(value), compile: () => () => value });
}

const positive = converter({
  name: 'Positive',
  summary: 'Refuses at load.',
  parameters: { count: literal.int },
  result: 'int',
  compile:
    ({ count }) =>
    () =>
      count,
});

const isRootSpan = converter({
  name: 'IsRootSpan',
  summary: 'Whether the span has no parent.',
  parameters: {},
  contexts: ['span', 'spanevent'],
  result: 'bool',
  compile: () => (evaluation) => evaluation.span.parentSpanId === '',
});

/** Fails as no function should: the language must still give an OttlError. */
const broken = converter({
  name: 'Broken',
  summary: 'Throws something else.',
  parameters: {},
  result: 'any',
  compile: () => () => {
    throw new TypeError('oops');
  },
});

export const functions: readonly FunctionSpec[] = [
  set,
  deleteKey,
  put,
  isMatch,
  split,
  upper,
  apply,
  same,
  all,
  mapEach,
  options,
  typeName,
  positive,
  isRootSpan,
  broken,
  constant('SomeTime', new Time(10n)),
  constant('LaterTime', new Time(25n)),
  constant('SomeDuration', new Duration(5n)),
  constant('LongDuration', new Duration(8n)),
  constant('SomeId', new Id('0102030405060708')),
  constant('OtherId', new Id('ffffffffffffffff')),
  constant('Nil', null),
  unsupported('converter', 'ParseXML', 'use ParseJSON'),
];

export const span: CompileOptions = { context: 'span', functions };
