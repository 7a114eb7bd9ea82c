import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { sha3 } from '../../src/processors/redaction/sha3.ts';
import { logs, problemsOf, processorOf, recordsOf, spansOf, traces } from './batches.ts';

function after(settings: object, attributes: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(spansOf(processorOf(redaction, settings).process(traces([{ attributes }])))[0]?.attributes ?? []);
}

const open = { allow_all_keys: true };
const card = '\\d{4}-\\d{4}';
const key32 = 'k'.repeat(32);
const key64 = 'k'.repeat(64);

describe('one attribute', () => {
  it.each<[string, object, Record<string, Value>, Record<string, Value>]>([
    ['goes with the default settings', {}, { a: 'x' }, {}],
    ['stays if its key is allowed', { allowed_keys: ['a'] }, { a: 'x', b: 'y' }, { a: 'x' }],
    ['stays if all keys are allowed', open, { a: 'x' }, { a: 'x' }],
    ['is left alone if its key is ignored', { ignored_keys: ['a'], blocked_values: ['x'] }, { a: 'x' }, { a: 'x' }],
    [
      'is left alone if its key matches an ignored pattern',
      { ignored_key_patterns: ['^safe'] },
      { 'safe.a': 'x', b: 'y' },
      { 'safe.a': 'x' },
    ],
    ['has its blocked parts masked', { ...open, blocked_values: [card] }, { a: 'card 1234-5678, 1111-2222' }, { a: 'card ****, ****' }],
    ['is masked by each pattern in turn', { ...open, blocked_values: ['one', 'two'] }, { a: 'one two' }, { a: '**** ****' }],
    [
      'is left alone if its value is allowed',
      { ...open, blocked_values: ['@'], allowed_values: ['@ours$'] },
      { a: 'me@ours' },
      { a: 'me@ours' },
    ],
    [
      'is masked as a whole if its key is blocked',
      { ...open, blocked_key_patterns: ['token'] },
      { 'my.token': 'abc' },
      { 'my.token': '****' },
    ],
    ['is masked line by line', { ...open, blocked_key_patterns: ['token'] }, { token: 'a\nb' }, { token: '****\n****' }],
    ['an allowed value saves a blocked key', { ...open, blocked_key_patterns: ['t'], allowed_values: ['^ok$'] }, { t: 'ok' }, { t: 'ok' }],
    ['a blocked key masks numbers, too', { ...open, blocked_key_patterns: ['t'] }, { t: 5n }, { t: '****' }],
    ['numbers are not looked at', { ...open, blocked_values: ['\\d+'] }, { a: 5n }, { a: 5n }],
    ['numbers are looked at if all types are', { ...open, blocked_values: ['\\d+'], redact_all_types: true }, { a: 5n }, { a: '****' }],
    ['what is nested is not looked at', { ...open, blocked_values: ['x'] }, { a: ['x'] }, { a: ['x'] }],
  ])('%s', (_name, settings, before, expected) => {
    expect(after(settings, before)).toEqual(expected);
  });
});

describe('hash_function', () => {
  const digests = {
    md5: createHash('md5').update('1234-5678').digest('hex'),
    sha1: createHash('sha1').update('1234-5678').digest('hex'),
    sha3: createHash('sha3-256').update('1234-5678').digest('hex'),
    'hmac-sha256': createHmac('sha256', key32).update('1234-5678').digest('hex'),
    'hmac-sha512': createHmac('sha512', key64).update('1234-5678').digest('hex'),
  };
  it.each(Object.entries(digests))('%s puts a digest in place of what was found', (hash_function, digest) => {
    const settings = { ...open, blocked_values: [card], hash_function, hmac_key: hash_function === 'hmac-sha512' ? key64 : key32 };
    expect(after(settings, { a: 'card 1234-5678' })).toEqual({ a: `card ${digest}` });
  });

  it('takes keys longer than a block', () => {
    const hmac_key = 'k'.repeat(200);
    const digest = createHmac('sha256', hmac_key).update('1234-5678').digest('hex');
    const settings = { ...open, blocked_values: [card], hash_function: 'hmac-sha256', hmac_key };
    expect(after(settings, { a: '1234-5678' })).toEqual({ a: digest });
  });

  it.each([
    ['hmac-sha256', key32.slice(1), 32],
    ['hmac-sha512', key64.slice(1), 64],
  ])('%s needs a long enough key', (hash_function, hmac_key, least) => {
    expect(problemsOf(redaction, { hash_function, hmac_key })).toEqual([
      `hmac_key: must have at least ${least} bytes for ${hash_function}`,
    ]);
  });

  it('sha3 agrees with the runtime on messages of every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (message) => {
        expect(sha3(message)).toBe(createHash('sha3-256').update(message).digest('hex'));
      }),
    );
  });
});

describe('summary', () => {
  const settings = {
    allowed_keys: ['card', 'ok', 'plain'],
    ignored_keys: ['safe'],
    blocked_values: [card],
    allowed_values: ['^fine$'],
  };
  const before = { zip: 'x', age: 5n, card: '1234-5678', ok: 'fine', plain: 'p', safe: 's' };
  const left = { card: '****', ok: 'fine', plain: 'p', safe: 's' };
  const counts = {
    'redaction.redacted.count': 2n,
    'redaction.masked.count': 1n,
    'redaction.allowed.count': 1n,
    'redaction.ignored.count': 1n,
  };

  it.each([
    ['silent', left],
    ['info', { ...left, ...counts }],
    [
      'debug',
      { ...left, ...counts, 'redaction.redacted.keys': 'age,zip', 'redaction.masked.keys': 'card', 'redaction.allowed.keys': 'ok' },
    ],
  ])('%s', (summary, expected) => {
    expect(after({ ...settings, summary }, before)).toEqual(expected);
  });

  it('adds up over several processors', () => {
    const [first, second] = [
      { ...open, blocked_values: ['a'], summary: 'debug' },
      { ...open, blocked_values: ['b'], summary: 'debug' },
    ];
    const once = after(first, { x: 'a', y: 'b' });
    expect(after(second, once)).toMatchObject({ 'redaction.masked.keys': 'x,y', 'redaction.masked.count': 2n });
  });
});

it('covers resources, scopes, spans and events', () => {
  const batch = traces([{ attributes: { a: 'x' }, events: [{ name: 'e', attributes: { a: 'x' } }] }], { a: 'x' });
  batch.resourceSpans[0]?.scopeSpans[0]?.scope.attributes.set('a', 'x');
  processorOf(redaction, { ...open, blocked_values: ['x'] }).process(batch);
  const group = batch.resourceSpans[0];
  const [span] = spansOf(batch);
  for (const one of [group?.resource, group?.scopeSpans[0]?.scope, span, span?.events[0]]) expect(one?.attributes.get('a')).toBe('****');
});

describe('log bodies', () => {
  const body = (settings: object, given: Value) => recordsOf(processorOf(redaction, settings).process(logs([{ body: given }])))[0];

  it('are masked as text', () => {
    expect(body({ ...open, blocked_values: [card] }, 'card 1234-5678')?.body).toBe('card ****');
  });

  it('are looked through at every depth', () => {
    const given = new Map<string, Value>([
      ['messages', [new Map([['content', 'card 1234-5678']])]],
      ['password', 'hunter2'],
      ['count', 3n],
    ]);
    const settings = { ...open, blocked_values: [card], blocked_key_patterns: ['password'], summary: 'debug' };
    const record = body(settings, given);
    expect(record?.body).toEqual(
      new Map<string, Value>([
        ['messages', [new Map([['content', 'card ****']])]],
        ['password', '****'],
        ['count', 3n],
      ]),
    );
    expect(record?.attributes.get('redaction.body.masked.keys')).toBe('messages.[0].content,password');
  });

  it('lose keys that are not allowed', () => {
    expect(
      body(
        { allowed_keys: ['a'] },
        new Map([
          ['a', 'x'],
          ['b', 'y'],
        ]),
      )?.body,
    ).toEqual(new Map([['a', 'x']]));
  });
});

it('refuses sanitizers that it does not have rather than leaving data readable', () => {
  const message = 'not supported here: use blocked_values with a regular expression';
  expect(problemsOf(redaction, { url_sanitizer: { enabled: true, attributes: ['url.full'] } })).toEqual([
    `url_sanitizer::enabled: ${message}`,
  ]);
  expect(problemsOf(redaction, { db_sanitizer: { sql: { enabled: true } } })).toEqual([`db_sanitizer::sql::enabled: ${message}`]);
  expect(problemsOf(redaction, { url_sanitizer: { enabled: false }, db_sanitizer: {} })).toEqual([]);
});
