/** Over every recorded request of real instrumentations, with secrets put into what was said: redaction keeps the shape of what people and models said, and redacting twice changes nothing. */
import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { Batch } from '../../src/model/batch.ts';
import { Secret } from '../../src/model/secret.ts';
import { decodeLogs, decodeLogsJson, decodeTraces, decodeTracesJson, encodeLogs, encodeTraces } from '../../src/otlp/otlp.ts';
import { EveryText, Replacements, targets } from '../../src/processors/redaction/every-text.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { allCaptures, type Capture } from '../otlp/oracle.ts';
import { caller, processorOf, world } from '../processors/batches.ts';
import { Mint } from './secrets.ts';

const captures = allCaptures();

function read({ signal, json, body }: Capture): Batch {
  if (signal === 'traces') return (json ? decodeTracesJson(body, caller) : decodeTraces(body, caller)).batch;
  return (json ? decodeLogsJson(body, caller) : decodeLogs(body, caller)).batch;
}

const written = (batch: Batch): string => (batch.signal === 'traces' ? encodeTraces(batch) : encodeLogs(batch)).latin1Slice();

function runs(batch: Batch): unknown[] {
  if (batch.signal === 'logs') return [];
  const convert = createConverter();
  return batch.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => runJson(convert(span, scope, resource, caller)))),
  );
}

const structural = new Set(['role', 'type', 'finish_reason']);

/** What a run is without its texts: names, lengths of lists, numbers, roles and types of messages; a text counts as one. */
function shape(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => shape(one));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.replace(/<[^>]*>/g, ''), shape(one, name)]));
  if (typeof value !== 'string') return value;
  return structural.has(key) ? value : isJson(value) ? 'JSON' : 'text';
}

function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const settings = {
  strict: { presets: ['strict'] },
  'pii and secrets': { presets: ['pii', 'secrets'] },
  pseudonyms: { presets: ['strict'], action: 'pseudonym', pseudonym_key: 'a key of thirty-two bytes, at least' },
};

/** A recording with a secret behind each text of several words, however deep it stands. */
function withSecrets(capture: Capture): Batch {
  const batch = read(capture);
  const mint = new Mint(capture.name);
  const { id, observer } = world().deps;
  const replacements = new Replacements({ replacement: '', pseudonym_key: none, hash_function: 'none', hmac_key: none });
  new EveryText(targets, replacements, id, observer).each(batch, (text) => (/\S\s\S/.test(text) ? `${text} ${mint.draw()}` : text));
  return batch;
}

const none = new Secret('');
/** Processors change what they are given, and each question is about all recordings. */
const recordings = captures.map((capture) => ({ name: capture.name, batch: withSecrets(capture) }));

describe.each(Object.entries(settings))('%s', (_name, given) => {
  const processor = processorOf(redaction, { allow_all_keys: true, ...given });
  const redacted = recordings.map(({ name, batch }) => ({ name, before: batch, after: processor.process(batch.clone()) }));

  it('finds something in nearly every recording, or the rest would say nothing', () => {
    const touched = redacted.filter(({ before, after }) => written(after) !== written(before));
    expect(touched.length).toBeGreaterThan(captures.length * 0.9);
  });

  it('leaves the shape of every run: messages, roles, counts, numbers, JSON that is JSON', () => {
    const changed = redacted.filter(({ before, after }) => JSON.stringify(shape(runs(after))) !== JSON.stringify(shape(runs(before))));
    expect(changed.map(({ name }) => name)).toEqual([]);
  });

  it('changes nothing when it redacts again', () => {
    const changed = redacted.filter(({ after }) => written(processor.process(after.clone())) !== written(after));
    expect(changed.map(({ name }) => name)).toEqual([]);
  });
});
