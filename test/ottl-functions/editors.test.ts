import { describe, expect, test } from 'vitest';
import { SpanKind } from '../../src/model/batch.ts';
import type { Value } from '../../src/model/value.ts';
import type { OttlValue } from '../../src/ottl/value.ts';
import { edited, map, renamed } from './ottl.ts';

type Attributes = Readonly<Record<string, Value>>;
type Row = readonly [statement: string, before: Attributes, after: Readonly<Record<string, OttlValue>>];

const tree: Attributes = {
  name: 'test',
  address: new Map<string, Value>([
    ['street', 'first'],
    ['house', 1234n],
  ]),
  occupants: ['user 1', 'user 2'],
};
const deep: Attributes = { '0': new Map([['1', new Map([['2', new Map([['3', 'value']])]])]]) };
const conflicts: Attributes = {
  address: new Map<string, Value>([
    ['street', new Map([['number', 'first']])],
    ['house', '1234'],
  ]),
  'address.street': new Map([['number', ['second', 'third']]]),
  'address.street.number': 'fourth',
  occupants: ['user 1', 'user 2'],
};

const rows: Readonly<Record<string, readonly Row[]>> = {
  set: [
    ['set(a["x"], "y")', {}, { x: 'y' }],
    ['set(a["x"], 1)', { x: 'y' }, { x: 1n }],
    ['set(a["x"], nil)', { x: 'y' }, { x: 'y' }],
    ['set(a["x"], a["missing"])', { x: 'y' }, { x: 'y' }],
    ['set(a["x"], [1, "a"])', {}, { x: [1n, 'a'] }],
    ['set(a["x"], {"k": 1.5})', {}, { x: map({ k: 1.5 }) }],
    ['set(a["x"], true) where a["y"] == 1', { y: 2n }, { y: 2n }],
  ],
  append: [
    ['append(a["tags"], "prod")', { tags: ['a'] }, { tags: ['a', 'prod'] }],
    ['append(a["tags"], "prod")', {}, { tags: ['prod'] }],
    ['append(a["tags"], "prod")', { tags: 'a' }, { tags: ['a', 'prod'] }],
    ['append(a["tags"], 2)', { tags: 1n }, { tags: [1n, 2n] }],
    ['append(a["tags"], values = ["b", "c"])', { tags: ['a'] }, { tags: ['a', 'b', 'c'] }],
    ['append(a["tags"], "b", ["c"])', { tags: ['a'] }, { tags: ['a', 'b', 'c'] }],
    ['append(a["copy"], a["tags"])', { tags: ['a', 'b'] }, { tags: ['a', 'b'], copy: ['a', 'b'] }],
  ],
  delete_index: [
    ['delete_index(a["l"], 0)', { l: ['a', 'b', 'c'] }, { l: ['b', 'c'] }],
    ['delete_index(a["l"], Len(a["l"]) - 1)', { l: ['a', 'b', 'c'] }, { l: ['a', 'b'] }],
    ['delete_index(a["l"], 0, 3)', { l: ['a', 'b', 'c'] }, { l: [] }],
    ['delete_index(a["l"], 1, 3)', { l: ['a', 'b', 'c'] }, { l: ['a'] }],
    ['delete_index(a["l"], 1, 1)', { l: ['a', 'b'] }, { l: ['a', 'b'] }],
    ['delete_index(a["l"], Index(a["l"], "b"))', { l: ['a', 'b'] }, { l: ['a'] }],
  ],
  'delete_key, keep_keys': [
    ['delete_key(a, "x")', { x: 1n, y: 2n }, { y: 2n }],
    ['delete_key(a, "missing")', { x: 1n }, { x: 1n }],
    ['delete_key(a["m"], "x")', { m: new Map([['x', 1n]]) }, { m: map({}) }],
    ['keep_keys(a, ["x", "z"])', { x: 1n, y: 2n, z: 3n }, { x: 1n, z: 3n }],
    ['keep_keys(a, [])', { x: 1n }, {}],
    ['delete_matching_keys(a, "(?i)pass")', { PASSWORD: 'x', user: 'y', 'my.password': 'z' }, { user: 'y' }],
    ['delete_matching_keys(a, "^x$")', { xx: 1n, x: 2n }, { xx: 1n }],
    ['keep_matching_keys(a, "^gen_ai[.]")', { 'gen_ai.system': 'a', other: 'b' }, { 'gen_ai.system': 'a' }],
  ],
  merge_maps: [
    ['merge_maps(a, {"x": 9, "z": 3}, "insert")', { x: 1n, y: 2n }, { x: 1n, y: 2n, z: 3n }],
    ['merge_maps(a, {"x": 9, "z": 3}, "update")', { x: 1n, y: 2n }, { x: 9n, y: 2n }],
    ['merge_maps(a, {"x": 9, "z": 3}, "upsert")', { x: 1n, y: 2n }, { x: 9n, y: 2n, z: 3n }],
    ['merge_maps(a["m"], {"b": 2}, "upsert")', { m: new Map([['a', 1n]]) }, { m: map({ a: 1n, b: 2n }) }],
    ['merge_maps(a, ParseJSON(a["j"]), "upsert")', { j: '{"k":1}' }, { j: '{"k":1}', k: 1 }],
  ],
  limit: [
    ['limit(a, 2, [])', { x: 1n, y: 2n, z: 3n }, { x: 1n, y: 2n }],
    ['limit(a, 2, ["z"])', { x: 1n, y: 2n, z: 3n }, { x: 1n, z: 3n }],
    ['limit(a, 1, ["missing"])', { x: 1n, y: 2n }, { x: 1n }],
    ['limit(a, 5, [])', { x: 1n }, { x: 1n }],
    ['limit(a, 0, [])', { x: 1n }, {}],
  ],
  stringify_all: [
    [
      'stringify_all(a)',
      { s: 'x', i: 42n, f: 3.14, b: true, y: Uint8Array.of(1, 2), l: [1n, 'a'], m: new Map([['k', 1n]]), e: null },
      { s: 'x', i: '42', f: '3.14', b: 'true', y: 'AQI=', l: '[1,"a"]', m: '{"k":1}', e: '' },
    ],
  ],
  truncate_all: [
    ['truncate_all(a, 3)', { x: 'hello', y: 'hi', n: 12345n }, { x: 'hel', y: 'hi', n: 12345n }],
    ['truncate_all(a, 4)', { x: '一二三' }, { x: '一' }],
    ['truncate_all(a, 4, false)', { x: '一二三' }, { x: '一' }],
    ['truncate_all(a, 6)', { x: '一二三' }, { x: '一二' }],
    ['truncate_all(a, 0)', { x: 'hello' }, { x: '' }],
    ['truncate_all(a, 5, truncation_marker = "...")', { x: 'hello world', y: 'hello' }, { x: 'he...', y: 'hello' }],
    ['truncate_all(a, 3, true, "...")', { x: 'hello' }, { x: '...' }],
    ['truncate_all(a, 5, true, "…")', { x: '😀😀' }, { x: '…' }],
  ],
  flatten: [
    [
      'flatten(a)',
      tree,
      { name: 'test', 'address.street': 'first', 'address.house': 1234n, 'occupants.0': 'user 1', 'occupants.1': 'user 2' },
    ],
    ['flatten(a, "app", 0)', { x: 1n }, { 'app.x': 1n }],
    ['flatten(a, "app")', { x: new Map([['y', 1n]]) }, { 'app.x.y': 1n }],
    ['flatten(a, depth = 2)', deep, { '0.1.2': map({ '3': 'value' }) }],
    ['flatten(a, depth = 0)', deep, deep as Record<string, OttlValue>],
    ['flatten(a)', { x: new Map([['y', 1n]]), 'x.y': 2n }, { 'x.y': 2n }],
    [
      'flatten(a, resolveConflicts = true)',
      conflicts,
      {
        'address.street.number': 'first',
        'address.house': '1234',
        'address.street.number.0': 'second',
        'address.street.number.1': 'third',
        occupants: 'user 1',
        'occupants.0': 'user 2',
        'address.street.number.2': 'fourth',
      },
    ],
    ['flatten(a["m"])', { m: new Map([['x', new Map([['y', 1n]])]]) }, { m: map({ 'x.y': 1n }) }],
  ],
  replace_pattern: [
    ['replace_pattern(a["x"], "[0-9]+", "#")', { x: 'a1b22' }, { x: 'a#b#' }],
    ['replace_pattern(a["x"], "z", "#")', { x: 'abc' }, { x: 'abc' }],
    ['replace_pattern(a["x"], "^kube_([0-9A-Za-z]+_)", "k8s.$1.")', { x: 'kube_uid_123' }, { x: 'k8s.uid_.123' }],
    ['replace_pattern(a["x"], "(?P<n>[a-z]+)=", "\x24{n}:")', { x: 'key=value' }, { x: 'key:value' }],
    ['replace_pattern(a["x"], "(b)", "$1x")', { x: 'b' }, { x: '' }],
    ['replace_pattern(a["x"], "(b)", "\x24{1}x")', { x: 'b' }, { x: 'bx' }],
    ['replace_pattern(a["x"], "a", "$$1")', { x: 'a' }, { x: '$1' }],
    ['replace_pattern(a["x"], "a", "$9")', { x: 'ab' }, { x: 'b' }],
    ['replace_pattern(a["x"], "a", "$ b")', { x: 'a' }, { x: '$ b' }],
    ['replace_pattern(a["x"], "a", "b")', { x: 1n }, { x: 1n }],
    ['replace_pattern(a["x"], "a", "b")', {}, {}],
    ['replace_pattern(a["x"], "[a-z]+", "$0", MD5)', { x: 'a 1' }, { x: '0cc175b9c0f1b6a831c399e269772661 1' }],
    ['replace_pattern(a["x"], "k_([a-z]+)", "$1", SHA1, "h(%s)")', { x: 'k_a' }, { x: 'h(86f7e437faa5a7fce15d1ddcb9eaeaea377667b8)' }],
    ['replace_pattern(a["x"], "a", "b", replacementFormat = "<%s>")', { x: 'a' }, { x: 'b' }],
    ['replace_pattern(a["x"], "", "-")', { x: 'ab' }, { x: '-a-b-' }],
    ['replace_pattern(a["x"], "a", a["by"])', { x: 'aa', by: '$0$0' }, { x: 'aaaa', by: '$0$0' }],
    ['replace_pattern(a["x"], a["what"], "-")', { x: 'a.b', what: '[.]' }, { x: 'a-b', what: '[.]' }],
  ],
  replace_all_patterns: [
    ['replace_all_patterns(a, "value", "sk-[a-z]+", "***")', { x: 'key sk-abc!', y: 1n, z: 'no' }, { x: 'key ***!', y: 1n, z: 'no' }],
    ['replace_all_patterns(a, "key", "^kube_", "k8s.")', { kube_pod: 'x', other: 'y' }, { other: 'y', 'k8s.pod': 'x' }],
    [
      'replace_all_patterns(a, "key", "^kube_([a-z]+)", "$1", MD5, "k8s.%s")',
      { kube_a: 'x' },
      { 'k8s.0cc175b9c0f1b6a831c399e269772661': 'x' },
    ],
    ['replace_all_patterns(a, "value", "a", "b")', { x: ['a'], m: new Map([['k', 'a']]) }, { x: ['a'], m: map({ k: 'a' }) }],
  ],
  replace_match: [
    ['replace_match(a["x"], "/user/*/list/*", "/user/{id}/list/{id}")', { x: '/user/1/list/2' }, { x: '/user/{id}/list/{id}' }],
    ['replace_match(a["x"], "hello*", "bye")', { x: 'hello world' }, { x: 'bye' }],
    ['replace_match(a["x"], "hello", "bye")', { x: 'hello world' }, { x: 'hello world' }],
    ['replace_match(a["x"], "a*", "b")', { x: 'a/b/c' }, { x: 'b' }],
    ['replace_match(a["x"], "?b", "y")', { x: '😀b' }, { x: 'y' }],
    ['replace_match(a["x"], "[a-c]x", "y")', { x: 'bx' }, { x: 'y' }],
    ['replace_match(a["x"], "[!a-c]x", "y")', { x: 'bx' }, { x: 'bx' }],
    ['replace_match(a["x"], "{one,two{x,y}}", "y")', { x: 'twoy' }, { x: 'y' }],
    ['replace_match(a["x"], "a\\\\*", "y")', { x: 'ab' }, { x: 'ab' }],
    ['replace_match(a["x"], "a\\\\*", "y")', { x: 'a*' }, { x: 'y' }],
    ['replace_match(a["x"], "*", "$1")', { x: 'a' }, { x: '$1' }],
    ['replace_match(a["x"], "*", "a", MD5, "<%s>")', { x: 'b' }, { x: '<0cc175b9c0f1b6a831c399e269772661>' }],
    ['replace_match(a["x"], "*", "b")', { x: 1n }, { x: 1n }],
  ],
  replace_all_matches: [
    ['replace_all_matches(a, "Bearer *", "***")', { x: 'Bearer abc', y: 'Basic', z: 1n }, { x: '***', y: 'Basic', z: 1n }],
    ['replace_all_matches(a, "a", "b", MD5, "m-%s")', { x: 'a' }, { x: 'm-92eb5ffee6ae2fec3ad71c777531578f' }],
  ],
};

for (const [name, table] of Object.entries(rows)) {
  describe(name, () => {
    test.each(table)('%s', (statement, before, after) => {
      expect(edited(statement, before)).toEqual(after);
    });
  });
}

const refused: readonly (readonly [statement: string, before: Attributes, message: RegExp])[] = [
  ['append(a["x"])', {}, /at least one of the optional arguments/],
  ['delete_index(a["l"], 3)', { l: ['a'] }, /startIndex 3 out of bounds for a list of length 1/],
  ['delete_index(a["l"], -1)', { l: ['a'] }, /startIndex -1 out of bounds/],
  ['delete_index(a["l"], 1, 0)', { l: ['a', 'b'] }, /endIndex 0 cannot be less than startIndex 1/],
  ['delete_index(a["l"], 0, 5)', { l: ['a', 'b'] }, /deletion range \[0:5\] out of bounds/],
  ['delete_index(a["l"], 0)', { l: 'a' }, /expected list but got string/],
  ['delete_matching_keys(a, "(")', {}, /invalid regular expression/],
  ['merge_maps(a, {"x": 1}, "replace")', {}, /expected one of "insert", "update", "upsert"/],
  ['merge_maps(a, a["x"], "insert")', { x: 'y' }, /expected map/],
  ['limit(a, -1, [])', {}, /-1 cannot be negative|expected an int literal/],
  ['limit(a, 1, ["x", "y"])', {}, /less than the number of priority keys/],
  ['truncate_all(a, 2, truncation_marker = "...")', {}, /marker of 3 bytes is longer than the limit of 2/],
  ['replace_pattern(a["x"], "(", "y")', {}, /invalid regular expression/],
  ['replace_pattern(a["x"], "a", 1)', { x: 'a' }, /expected string/],
  ['replace_pattern(a["x"], "a", "b", SHA1, "%d")', { x: 'a' }, /containing a single %s and no other/],
  ['replace_pattern(a["x"], "a", "b", SHA1, "%s %s")', { x: 'a' }, /containing a single %s and no other/],
  ['replace_pattern(a["x"], "a", "b", Len)', { x: 'a' }, /must be a string/],
  ['replace_all_patterns(a, "both", "a", "b")', {}, /expected one of "value", "key"/],
  ['replace_match(a["x"], "[a", "b")', { x: 'a' }, /"\[" is not closed/],
  ['replace_match(a["x"], "{a", "b")', { x: 'a' }, /"\{" is not closed/],
  ['delete_key(a["x"], "k")', { x: 'a' }, /map/],
  ['set_semconv_span_name("1.36.0")', {}, /must be between 1.37.0 and 1.40.0/],
  ['set_semconv_span_name("nonsense")', {}, /unsupported semconv version/],
  ['set_semconv_span_name("1.37.0", "")', {}, /cannot be an empty string/],
];

describe('refused, at load or at run', () => {
  test.each(refused)('%s', (statement, before, message) => {
    expect(() => edited(statement, before)).toThrow(message);
  });
});

test('a map with the key __proto__ is data like any other', () => {
  const after = edited('flatten(a)', { __proto__x: 1n, m: new Map<string, Value>([['__proto__', 'data']]) });
  expect(after).toEqual({ __proto__x: 1n, 'm.__proto__': 'data' });
});

const names: readonly (readonly [kind: keyof typeof SpanKind, attributes: Attributes, name: string])[] = [
  ['server', { 'http.request.method': 'GET', 'http.route': '/u/{id}' }, 'GET /u/{id}'],
  ['server', { 'http.method': 'GET' }, 'GET'],
  ['client', { 'http.request.method': 'GET', 'url.template': '/u/{id}' }, 'GET /u/{id}'],
  ['client', { 'http.request.method': 'GET', 'http.route': '/u/{id}' }, 'GET'],
  ['server', { 'rpc.system': 'grpc', 'rpc.service': 'S', 'rpc.method': 'M' }, 'S/M'],
  ['client', { 'rpc.system': 'grpc', 'rpc.service': 'S' }, 'S/*'],
  ['client', { 'rpc.system': 'grpc', 'rpc.method': 'M' }, 'M'],
  [
    'client',
    { 'db.system': 'mysql', 'db.operation.name': 'SELECT', 'db.namespace': 'shop', 'db.collection.name': 'users' },
    'SELECT shop.users',
  ],
  ['client', { 'db.system': 'mysql', 'db.query.summary': 'SELECT users' }, 'SELECT users'],
  ['client', { 'db.system': 'mysql', 'server.address': 'db', 'server.port': 3306n }, 'db:3306'],
  ['client', { 'db.system': 'mysql' }, 'mysql'],
  ['producer', { 'messaging.system': 'kafka', 'messaging.operation.name': 'send', 'messaging.destination.name': 'q' }, 'send q'],
  ['consumer', { 'messaging.system': 'kafka', 'messaging.destination.temporary': true }, '(temporary)'],
  ['internal', { 'http.request.method': 'GET' }, 'was'],
  ['server', {}, 'was'],
];

test.each(names)('set_semconv_span_name names a %s span by %o', (kind, attributes, name) => {
  expect(renamed('set_semconv_span_name("1.37.0")', { name: 'was', kind: SpanKind[kind] }, attributes)).toBe(name);
});

test('set_semconv_span_name keeps the former name where it is told to', () => {
  const before = { 'http.request.method': 'GET' };
  const after = edited('set_semconv_span_name("1.40.0", "was")', before, { name: 'old', kind: SpanKind.server });
  expect(after).toEqual({ ...before, was: 'old' });
});
