import { describe, expect, it } from 'vitest';
import { filteredSpanOf } from '../../src/exporters/langsmith/convert/convert.ts';
import type { Value } from '../../src/model/value.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { processorOf, spansOf, traces } from '../processors/batches.ts';

function after(attributes: Record<string, Value>, settings: object = { presets: ['pii', 'secrets'] }): Record<string, Value> {
  const processor = processorOf(redaction, { allow_all_keys: true, ...settings });
  const once = Object.fromEntries(spansOf(processor.process(traces([{ attributes }])))[0]?.attributes ?? []);
  const twice = Object.fromEntries(spansOf(processor.process(traces([{ attributes: once }])))[0]?.attributes ?? []);
  expect(twice, 'redacting twice').toEqual(once);
  return once;
}

describe('a number that is somebody’s', () => {
  it.each<[string, Value]>([
    ['an int64', 4111111111111111n],
    ['a double', 4111111111111111],
  ])('is found as %s', (_name, value) => {
    expect(after({ value })).toEqual({ value: '<credit_card>' });
  });

  it('is found in lists and maps', () => {
    const value: Value = new Map<string, Value>([['deep', [4111111111111111n, 7n]]]);
    expect(after({ value })).toEqual({ value: new Map([['deep', ['<credit_card>', 7n]]]) });
  });

  it.each(['4111111111111111', '4111111111111111.0', '4.111111111111111e15', '4.111111111111111E+15'])(
    'is found in JSON as %s',
    (number) => {
      expect(after({ value: `{"card": ${number}, "count": 12}` })).toEqual({ value: '{"card": "<credit_card>", "count": 12}' });
    },
  );

  it('is found by the name that it stands under', () => {
    const text = JSON.stringify({ ssn: 536221234, phone: 14155552671, nhs_number: 9434765919 });
    expect(after({ text, 'user.ssn': 536221234n })).toEqual({
      text: '{"ssn":"<us_ssn>","phone":"<phone>","nhs_number":"<uk_nhs>"}',
      'user.ssn': '<us_ssn>',
    });
  });

  it('is taken by the action of its detector', () => {
    const settings = { detectors: ['credit_card'], action: 'truncate' };
    expect(after({ value: 4111111111111111n, json: '[4111111111111111]' }, settings)).toEqual({ value: '4111…', json: '["4111\\u2026"]' });
    expect(after({ value: 4111111111111111n }, { detectors: ['credit_card'], action: 'drop' })).toEqual({});
    expect(after({ value: 4111111111111111n }, { detectors: ['credit_card'], action: 'keep' })).toEqual({ value: 4111111111111111n });
  });

  it('is told from counts, times and measures, which stay numbers', () => {
    const json = '{"input_tokens":123456789,"created":1714999999,"ms":1714999999000,"us":1714999999000000,"x":-0.123456789012,"y":1.5e300}';
    const numbers = { tokens: 1204n, created: 1714999999n, ns: 1714999999000000000n, cost: 0.000123456789, big: 1e300 };
    expect(after({ json, ...numbers })).toEqual({ json, ...numbers });
  });
});

describe('a text that is written unusually', () => {
  const mail = 'ann@example.com';
  const escaped = 'ann\\u0040example.com';

  it('is JSON behind a byte order mark', () => {
    expect(after({ value: `\ufeff{"a":"${escaped}"}` })).toEqual({ value: '\ufeff{"a":"<email>"}' });
  });

  it('may have characters without a width between groups of digits', () => {
    for (const gap of ['\ufeff', '\u200b', '\u2060', '\u00ad'])
      expect(after({ value: `card 4111${gap}1111${gap}1111${gap}1111.` })).toEqual({ value: 'card <credit_card>.' });
  });

  it('hides nothing behind a doubled name', () => {
    expect(after({ value: `{"a":"${mail}","a":"${escaped}","a":4111111111111111}` })).toEqual({
      value: '{"a":"<email>","a":"<email>","a":"<credit_card>"}',
    });
  });

  it('may be escaped in what is no JSON', () => {
    expect(after({ value: `Answer: {"to":"${escaped}"} (sent)` })).toEqual({ value: 'Answer: {"to":"<email>"} (sent)' });
    expect(after({ value: `{to: '${escaped}', tel: '\\u002B14155552671'}` })).toEqual({ value: "{to: '<email>', tel: '<phone>'}" });
    expect(after({ value: `log "postgres:\\/\\/app:s3cr3t@db.example.com\\/x"` })).toEqual({
      value: 'log "postgres://<url_credentials>@db.example.com/x"',
    });
  });

  it('keeps its escapes where there is nothing to hide', () => {
    const value = 'Answer: {"to":"caf\\u00e9 \\u0026 co", "path":"a\\/b"}';
    expect(after({ value })).toEqual({ value });
  });
});

it('what the journal keeps of a span that a filter left out is ids', () => {
  const [span] = spansOf(traces([{ name: 'ann@example.com', attributes: { a: 'ann@example.com' } }]));
  if (span === undefined) throw new Error('no span');
  const { traceId, spanId, parentSpanId, parentRemote } = span as typeof span & { parentRemote?: boolean };
  expect(filteredSpanOf(span)).toEqual({ traceId, spanId, parentSpanId, parentRemote: parentRemote ?? false });
});
