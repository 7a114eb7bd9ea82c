import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { attributesProcessor } from '../../src/processors/attributes/attributes.ts';
import { resourceProcessor } from '../../src/processors/resource/resource.ts';
import { logs, problemsOf, processorOf, recordsOf, spansOf, traces } from './batches.ts';

function after(actions: readonly object[], attributes: Record<string, Value>): Record<string, Value> {
  const batch = processorOf(attributesProcessor, { actions }).process(traces([{ attributes }]));
  return Object.fromEntries(spansOf(batch)[0]?.attributes ?? []);
}

describe('actions', () => {
  it.each<[string, object, Record<string, Value>, Record<string, Value>]>([
    ['insert writes a missing key', { key: 'a', action: 'insert', value: 1 }, {}, { a: 1n }],
    ['insert leaves a present key', { key: 'a', action: 'insert', value: 1 }, { a: 'x' }, { a: 'x' }],
    ['update changes a present key', { key: 'a', action: 'update', value: true }, { a: 'x' }, { a: true }],
    ['update leaves a missing key', { key: 'a', action: 'update', value: true }, {}, {}],
    ['upsert writes a missing key', { key: 'a', action: 'upsert', value: 2.5 }, {}, { a: 2.5 }],
    ['upsert changes a present key', { key: 'a', action: 'upsert', value: 2.5 }, { a: 1n }, { a: 2.5 }],
    ['action names are case-insensitive', { key: 'a', action: 'UPSERT', value: 'x' }, {}, { a: 'x' }],
    ['lists are values', { key: 'a', action: 'upsert', value: ['x', 1] }, {}, { a: ['x', 1n] }],
    ['another attribute is a source', { key: 'a', action: 'insert', from_attribute: 'b' }, { b: 5n }, { b: 5n, a: 5n }],
    ['a missing source writes nothing', { key: 'a', action: 'upsert', from_attribute: 'b' }, { a: 1n }, { a: 1n }],
    ['a default stands in', { key: 'a', action: 'upsert', from_attribute: 'b', default_value: 'none' }, { a: 1n }, { a: 'none' }],
    ['metadata is a source', { key: 'a', action: 'insert', from_context: 'metadata.X-Tenant' }, {}, { a: 'acme' }],
    ['metadata needs no prefix', { key: 'a', action: 'insert', from_context: 'x-tenant' }, {}, { a: 'acme' }],
    ['authentication is a source', { key: 'a', action: 'insert', from_context: 'auth.subject' }, {}, { a: 'ann' }],
    ['the address is a source', { key: 'a', action: 'insert', from_context: 'client.address' }, {}, { a: '10.0.0.7' }],
    ['missing metadata takes the default', { key: 'a', action: 'insert', from_context: 'metadata.no', default_value: 0 }, {}, { a: 0n }],
    ['delete removes a key', { key: 'a', action: 'delete' }, { a: 1n, b: 2n }, { b: 2n }],
    ['delete removes keys by pattern', { pattern: '^tmp', action: 'delete' }, { tmpA: 1n, tmpB: 1n, a: 2n }, { a: 2n }],
    ['delete takes key and pattern', { key: 'a', pattern: 'tmp', action: 'delete' }, { a: 1n, tmp: 1n, b: 2n }, { b: 2n }],
    [
      'hash replaces text by SHA-256',
      { key: 'a', action: 'hash' },
      { a: 'foo' },
      { a: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae' },
    ],
    [
      'hash takes ints as eight bytes',
      { key: 'a', action: 'hash' },
      { a: 1n },
      { a: '7c9fa136d4413fa6173637e883b6998d32e1d675f88cddff9dcbcf331820f4b8' },
    ],
    [
      'hash takes booleans as one byte',
      { pattern: '^a', action: 'hash' },
      { a: true },
      { a: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a' },
    ],
    ['hash leaves nothing of an empty text', { key: 'a', action: 'hash' }, { a: '' }, { a: '' }],
    [
      'extract writes each group',
      { key: 'url', action: 'extract', pattern: '^(?P<scheme>[^:]+)://(?P<host>[^/]+)' },
      { url: 'https://a.b/c', host: 'old' },
      { url: 'https://a.b/c', scheme: 'https', host: 'a.b' },
    ],
    ['extract leaves a text without a match', { key: 'a', action: 'extract', pattern: '(?P<n>\\d+)' }, { a: 'x' }, { a: 'x' }],
    ['extract leaves what is no text', { key: 'a', action: 'extract', pattern: '(?P<n>\\d+)' }, { a: 5n }, { a: 5n }],
    ['convert makes ints', { key: 'a', action: 'convert', converted_type: 'int' }, { a: '42' }, { a: 42n }],
    ['convert cuts doubles', { key: 'a', action: 'convert', converted_type: 'int' }, { a: -2.9 }, { a: -2n }],
    ['convert makes doubles', { key: 'a', action: 'convert', converted_type: 'double' }, { a: 2n }, { a: 2 }],
    ['convert makes texts', { key: 'a', action: 'convert', converted_type: 'string' }, { a: [1n, 'x'] }, { a: '[1,"x"]' }],
    ['convert leaves what it cannot read', { key: 'a', action: 'convert', converted_type: 'int' }, { a: '2.0' }, { a: '2.0' }],
    ['convert leaves lists', { key: 'a', action: 'convert', converted_type: 'int' }, { a: [1n] }, { a: [1n] }],
    ['__proto__ is data', { key: '__proto__', action: 'insert', value: 'x' }, {}, Object.fromEntries([['__proto__', 'x']])],
  ])('%s', (_name, action, before, expected) => {
    expect(after([action], before)).toEqual(expected);
  });

  it('run in their order', () => {
    const actions = [
      { key: 'a', action: 'insert', from_attribute: 'b' },
      { key: 'b', action: 'delete' },
    ];
    expect(after(actions, { b: 'x' })).toEqual({ a: 'x' });
  });

  it('reach log records', () => {
    const batch = processorOf(attributesProcessor, { actions: [{ key: 'a', action: 'insert', value: 1 }] }).process(logs([{}]));
    expect(recordsOf(batch)[0]?.attributes.get('a')).toBe(1n);
  });

  it('reach resources in the resource processor', () => {
    const processor = processorOf(resourceProcessor, { attributes: [{ key: 'env', action: 'upsert', value: 'ci' }] });
    const batch = processor.process(traces([{}], { env: 'dev' }));
    expect(batch.signal === 'traces' && batch.resourceSpans[0]?.resource.attributes.get('env')).toBe('ci');
  });
});

describe('settings', () => {
  it.each([
    [{ action: 'insert', value: 1 }, ['actions::0::key: action "insert" needs "key"']],
    [{ key: 'a', action: 'insert' }, ['actions::0::action: action "insert" needs one of "value", "from_attribute" and "from_context"']],
    [
      { key: 'a', action: 'upsert', value: 1, from_attribute: 'b' },
      ['actions::0::action: action "upsert" takes only one of "value", "from_attribute" and "from_context"'],
    ],
    [{ action: 'delete' }, ['actions::0::key: action "delete" needs "key" or "pattern"']],
    [{ key: 'a', action: 'delete', value: 1 }, ['actions::0::value: action "delete" does not use the "value" field']],
    [{ key: 'a', action: 'extract' }, ['actions::0::pattern: action "extract" needs "pattern"']],
    [
      { key: 'a', action: 'extract', pattern: '(\\d+)' },
      ['actions::0::pattern: action "extract" needs a pattern whose groups all have names'],
    ],
    [
      { key: 'a', action: 'extract', pattern: '\\d+' },
      ['actions::0::pattern: action "extract" needs a pattern with at least one named group'],
    ],
    [{ key: 'a', action: 'convert' }, ['actions::0::converted_type: action "convert" needs "converted_type"']],
    [
      { key: 'a', action: 'rename', value: 1 },
      ['actions::0::action: unsupported action "rename" (valid values: [insert update upsert delete hash extract convert])'],
    ],
  ])('refuse the action %j', (action, problems) => {
    expect(problemsOf(attributesProcessor, { actions: [action] })).toEqual(problems);
  });

  it('refuse a pattern that RE2 refuses', () => {
    expect(problemsOf(attributesProcessor, { actions: [{ pattern: '(?=x)', action: 'delete' }] })).toEqual([
      expect.stringContaining('actions::0::pattern: invalid regular expression'),
    ]);
  });

  it('need an action', () => {
    expect(problemsOf(attributesProcessor, { actions: [] })).toEqual(['actions: must have at least one action']);
    expect(problemsOf(resourceProcessor, {})).toHaveLength(1);
  });
});
