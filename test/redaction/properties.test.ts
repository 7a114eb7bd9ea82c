/** What holds for redaction whatever the data and whatever is asked of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { decodeLogs, decodeTraces, encodeLogs, encodeTraces } from '../../src/otlp/otlp.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { anyLogs, anyTraces } from '../otlp/arbitrary.ts';
import { oracle, oracleEncode } from '../otlp/oracle.ts';
import { caller, processorOf, spansOf, traces } from '../processors/batches.ts';

const pseudonym_key = 'k'.repeat(32);
const everything = { allow_all_keys: true, presets: ['strict'], pseudonym_key };
const mask = 'mask' as const;
const content = { inputs: mask, outputs: mask, system_prompts: mask, tool_arguments: mask, tool_results: mask, images: mask };
const rules = [
  { json_path: '$..content', action: 'truncate', max_length: 12 },
  { name: 'user', path: 'attributes["user.id"]', action: 'pseudonym' },
  { key_pattern: '^input', json_path: '$.messages[*].name', action: 'hash' },
];
const settings: readonly (readonly [string, object])[] = [
  ['masks', everything],
  ['pseudonyms', { ...everything, action: 'pseudonym' }],
  ['hashes', { ...everything, action: 'hash' }],
  ['keyed hashes', { ...everything, action: 'hash', hash_function: 'hmac-sha256', hmac_key: pseudonym_key }],
  ['truncations', { ...everything, action: 'truncate' }],
  ['drops', { ...everything, action: 'drop' }],
  ['templates that look like finds', { ...everything, replacement: 'no-reply+{detector}@example.com' }],
  ['templates with quotes', { ...everything, replacement: '"}],\\"{detector}\\\\' }],
  ['templates of a key and a value', { ...everything, replacement: 'password=hunter2{detector}' }],
  ['templates that look like patterns', { ...everything, replacement: '$&$1.*({detector}' }],
  ['empty templates', { ...everything, replacement: '' }],
  ['rules', { ...everything, rules }],
  ['content policies', { ...everything, content }],
];

const sensitive = fc.constantFrom(
  'ann@example.com',
  '+1 415 555 2671',
  '4111 1111 1111 1111',
  'DE89 3704 0044 0532 0130 00',
  '192.168.10.1',
  'AKIAIOSFODNN7EXAMPLE',
  'Bearer abcdefghijklmnopqrstuvwxyz012345',
  'https://ann:hunter2@example.com/x',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  '<email>',
  '<email:0123456789abcdef>',
);
const text = fc.array(fc.oneof(fc.string(), sensitive, fc.lorem({ maxCount: 5 })), { maxLength: 4 }).map((parts) => parts.join(' '));
const name = fc.constantFrom('content', 'password', 'api_key', 'name', 'id', 'user_id', 'messages', '__proto__', 'n', 'text');

/** Messages and other JSON as applications write them. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, 12, 4111111111111111),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4 }),
    fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool'), content: tie('json') }),
    tie('json').map((inner) => JSON.stringify(inner)),
  ),
}));

const keys = ['input.value', 'gen_ai.input.messages', 'output.value', 'plain', 'user.id', 'ai.toolCall.args'] as const;
const attributes = fc.record(
  Object.fromEntries(keys.map((key) => [key, json.map((one) => JSON.stringify(one, null, 1))])) as Record<string, fc.Arbitrary<string>>,
);

function after(given: object, before: Readonly<Record<string, Value>>): Record<string, Value> {
  const [span] = spansOf(processorOf(redaction, given).process(traces([{ attributes: before }])));
  return Object.fromEntries(span?.attributes ?? []);
}

/** JSON without what it says: its texts are gone, also where they hold JSON, and its names. Numbers, lengths, roles and types stay; a text that was dropped is null. */
/** Whole numbers of nine digits may be somebody's, and then leave a text. */
const mayBeFound = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 100_000_000;

function shapeOf(value: unknown, isDropped: boolean): unknown {
  if (typeof value === 'string' || mayBeFound(value)) return 'text';
  if (value === null && isDropped) return 'text';
  if (Array.isArray(value)) return value.map((member) => shapeOf(member, isDropped));
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) => (key === 'role' ? member : shapeOf(member, isDropped)));
}

describe.each(settings)('%s', (_name, given) => {
  const isDropped = 'action' in given && given.action === 'drop';

  it('redacting twice changes nothing', () => {
    fc.assert(
      fc.property(attributes, (before) => {
        const once = after(given, before);
        expect(after(given, once)).toEqual(once);
      }),
    );
  });

  it('are the same every time', () => {
    fc.assert(
      fc.property(attributes, (before) => {
        expect(after(given, before)).toEqual(after(given, before));
      }),
      { numRuns: 20 },
    );
  });

  it('keep the shape of JSON: what is valid stays valid, with its lists, numbers and roles', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          name.filter((one) => one !== '__proto__'),
          json,
          { minKeys: 1 },
        ),
        (document) => {
          const { plain } = after(given, { plain: JSON.stringify(document) });
          expect(shapeOf(JSON.parse(plain as string), isDropped)).toEqual(shapeOf(JSON.parse(JSON.stringify(document)), isDropped));
        },
      ),
    );
  });

  it('never throw, and leave spans and log records that can be encoded', () => {
    const processor = processorOf(redaction, given);
    fc.assert(
      fc.property(anyTraces, anyLogs, (plainTraces, plainLogs) => {
        const spans = processor.process(decodeTraces(oracleEncode(oracle.traces, plainTraces), caller).batch);
        const records = processor.process(decodeLogs(oracleEncode(oracle.logs, plainLogs), caller).batch);
        if (spans.signal === 'traces') decodeTraces(encodeTraces(spans) as never, caller);
        if (records.signal === 'logs') decodeLogs(encodeLogs(records) as never, caller);
      }),
      { numRuns: 50 },
    );
  });
});

it('JSON that holds nothing keeps every byte', () => {
  const clean = fc.json({ stringUnit: fc.constantFrom('a', 'é', '"', '\\', ' ', '\n') });
  fc.assert(
    fc.property(clean, fc.constantFrom('', ' ', '\n\t'), (document, space) => {
      expect(after(everything, { plain: space + document })).toEqual({ plain: space + document });
    }),
  );
});
