import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { PipelineDeps } from '../../src/model/component.ts';
import type { Observer } from '../../src/model/observer.ts';
import type { Value } from '../../src/model/value.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { processorOf, spansOf, traces, world } from '../processors/batches.ts';

const open = { allow_all_keys: true };
const pseudonym_key = 'p'.repeat(32);
const mail = 'ann@example.com';

function after(settings: object, attributes: Record<string, Value>, deps?: PipelineDeps): Record<string, Value> {
  const [span] = spansOf(processorOf(redaction, { ...open, ...settings }, deps).process(traces([{ attributes }])));
  return Object.fromEntries(span?.attributes ?? []);
}

describe('what a detector finds', () => {
  const hmac = createHmac('sha256', pseudonym_key).update(`email\0${mail}`).digest('hex');
  it.each<[string, object, string]>([
    ['is masked by its name', {}, 'to <email>!'],
    ['is masked by another text', { replacement: '[{detector} removed]' }, 'to [email removed]!'],
    ['becomes a token of its HMAC', { action: 'pseudonym', pseudonym_key }, `to <email:${hmac.slice(0, 16)}>!`],
    ['becomes its hash', { action: 'hash' }, `to <email:${createHash('sha256').update(mail).digest('hex')}>!`],
    [
      'becomes the hash that is asked for',
      { action: 'hash', hash_function: 'md5' },
      `to <email:${createHash('md5').update(mail).digest('hex')}>!`,
    ],
    ['keeps its beginning', { action: 'truncate' }, 'to ann@…!'],
    ['stays if it is kept', { action: 'keep' }, `to ${mail}!`],
    ['stays if it is allowed', { allowed_values: ['^ann@'] }, `to ${mail}!`],
    ['has an action of its own', { action: 'drop', actions: { email: 'mask' } }, 'to <email>!'],
  ])('%s', (_name, settings, expected) => {
    expect(after({ detectors: ['email'], ...settings }, { a: `to ${mail}!` })).toEqual({ a: expected });
  });

  it('takes its attribute along, and inside of JSON leaves null', () => {
    const before = { a: `to ${mail}`, b: JSON.stringify({ x: mail, y: 1 }), c: 'stays' };
    expect(after({ detectors: ['email'], action: 'drop' }, before)).toEqual({ b: '{"x":null,"y":1}', c: 'stays' });
  });

  it('has the same token wherever it stands, and another under another key', () => {
    const { a, b } = after({ detectors: ['email'], action: 'pseudonym', pseudonym_key }, { a: mail, b: JSON.stringify([mail]) });
    expect(b).toBe(`["${a}"]`);
    expect(after({ detectors: ['email'], action: 'pseudonym', pseudonym_key: 'q'.repeat(32) }, { a: mail }).a).not.toBe(a);
  });

  it('is left alone under ignored keys, at every depth', () => {
    const json = JSON.stringify({ safe: mail, other: mail });
    expect(after({ detectors: ['email'], ignored_keys: ['safe'] }, { safe: mail, json })).toEqual({
      safe: mail,
      json: `{"safe":"${mail}","other":"<email>"}`,
    });
  });

  it('does not hide behind a forged token', () => {
    const text = '<credit_card:4111111111111111>';
    expect(after({ detectors: ['credit_card'], action: 'pseudonym', pseudonym_key }, { a: text }).a).not.toContain('4111111111111111');
  });
});

describe('JSON in a text', () => {
  it.each([
    ['keeps spacing, numbers and order', '{ "a" : 1.50e1,\n\t"b":["x", "MAIL"] ,"c":null}'],
    ['may be lines of JSON', '{"a":"MAIL"}\n{"b":"MAIL"}\n'],
    ['may hold JSON in texts, as deep as it goes', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify(['MAIL']) }) })],
    ['may be Python’s', '{"a": NaN, "b": -Infinity, "c": "MAIL"}'],
    ['may be cut off in a string', '{"a": [1, {"b": "to MAIL and'],
    ['may name a member twice', '{"a":"MAIL","a":"MAIL"}'],
    ['may have names that say something', '{"MAIL":{"MAIL":true}}'],
  ])('%s', (_name, template) => {
    const text = template.replaceAll('MAIL', mail);
    expect(after({ detectors: ['email'] }, { a: text })).toEqual({ a: template.replaceAll('MAIL', '<email>') });
  });

  it('is seen through its escapes, and written in ASCII if it was', () => {
    const settings = { detectors: ['email'], replacement: '«{detector}»' };
    expect(after(settings, { a: '["caf\\u00e9 ann\\u0040example.com"]' })).toEqual({ a: '["caf\\u00e9 \\u00abemail\\u00bb"]' });
    expect(after(settings, { a: `["café ${mail}"]` })).toEqual({ a: '["café «email»"]' });
  });

  it('may have line breaks in its strings, which become escapes where it is written', () => {
    expect(after({ detectors: ['email'] }, { a: `["one\n${mail}"]` })).toEqual({ a: '["one\\n<email>"]' });
  });

  it('that is none is a text', () => {
    for (const text of ['[INFO] MAIL', '{name} MAIL', '"MAIL" she wrote', '[10.5 MAIL', '{"a":1} MAIL']) {
      const [given, expected] = [text.replace('MAIL', mail), text.replace('MAIL', '<email>')];
      expect(after({ detectors: ['email'] }, { a: given })).toEqual({ a: expected });
    }
  });

  it('nested too deep is masked whole', () => {
    expect(after({ detectors: ['email'] }, { a: `${'['.repeat(300)}"${mail}"${']'.repeat(300)}` })).toEqual({
      a: '<redacted: over budget>',
    });
  });

  it('is not looked into if that is not wanted', () => {
    const text = '["ann\\u0040example.com"]';
    expect(after({ detectors: ['email'], parse_json_strings: false }, { a: text })).toEqual({ a: text });
  });
});

describe('budgets', () => {
  it('mask whole what comes when a batch has used its own up, and the batch goes on', () => {
    const attributes = { a: 'x'.repeat(20_000), b: 'y'.repeat(17_000), c: mail };
    const left = after({ detectors: ['email'], budget: { value: '20KB', batch: 500 } }, attributes);
    expect(left).toEqual({ a: 'x'.repeat(20_000), b: '<redacted: over budget>', c: '<redacted: over budget>' });
  });

  it('begin anew with each batch', () => {
    const processor = processorOf(redaction, { ...open, detectors: ['email'], budget: { batch: 500 } });
    for (let batch = 0; batch < 5; batch++) {
      const [span] = spansOf(processor.process(traces([{ attributes: { a: 'x'.repeat(10_000), b: mail } }])));
      expect(span?.attributes.get('b')).toBe('<email>');
    }
  });
});

describe('the audit', () => {
  function audited(settings: object, attributes: Record<string, Value>) {
    const counted: unknown[][] = [];
    const places: unknown[][] = [];
    const { deps } = world();
    const observer = {
      redacted: (...facts: unknown[]) => counted.push(facts),
      removed: (...facts: unknown[]) => places.push(facts),
    } as unknown as Observer;
    after(settings, attributes, { ...deps, observer });
    return { counted, places };
  }

  it('counts by rule and field, and tells places, never values', () => {
    const attributes = {
      'llm.input_messages.0.message.content': mail,
      'llm.input_messages.17.message.content': mail,
      body: JSON.stringify({ m: [mail] }),
    };
    const { counted, places } = audited({ detectors: ['email'] }, attributes);
    expect(counted).toEqual([
      ['tested', 'email', 'span.attributes["llm.input_messages.N.message.content"]', 2],
      ['tested', 'email', 'span.attributes["body"]', 1],
    ]);
    expect(places.at(-1)).toEqual(['tested', 'email', 'span.attributes["body"] $.m[0]']);
    expect(JSON.stringify([counted, places])).not.toContain(mail);
  });

  it('does not name keys that were themselves redacted', () => {
    const { counted, places } = audited({ detectors: ['email'] }, { [`of ${mail}`]: mail, b: JSON.stringify({ [mail]: mail }) });
    expect(JSON.stringify([counted, places])).not.toContain(mail);
  });

  it('has a bounded number of fields', () => {
    const letters = (index: number) => String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
    const { counted } = audited(
      { detectors: ['email'] },
      Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${letters(index)}`, mail])),
    );
    expect(counted).toHaveLength(201);
    expect(counted).toContainEqual(['tested', 'email', 'other', 200]);
  });
});

it('ids of well-known forms under their names are no finds', () => {
  const ids = {
    'session.id': '0b1c2d3e-4f50-4162-9384-a5b6c7d8e9f0',
    'gen_ai.response.id': 'chatcmpl-9aBcD4111111111111111',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  };
  expect(after({ presets: ['strict'] }, ids)).toEqual(ids);
});

it('a span in which nothing is found keeps its attributes untouched', () => {
  const [span] = spansOf(
    processorOf(redaction, { ...open, presets: ['strict'] }).process(traces([{ attributes: { a: 'clean', b: '{"a":[1]}', c: 5n } }])),
  );
  expect([...(span?.attributes ?? [])]).toEqual([
    ['a', 'clean'],
    ['b', '{"a":[1]}'],
    ['c', 5n],
  ]);
});

it('the key of pseudonyms never prints', () => {
  const settings = redaction.schema.parse({ ...open, detectors: ['email'], action: 'pseudonym', pseudonym_key });
  expect(`${inspect(settings, { depth: 9, showHidden: true })}${JSON.stringify(settings)}`).not.toContain(pseudonym_key);
});
