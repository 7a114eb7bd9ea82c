/** What OTLP can carry and no processor sees: newer fields, doubled names, entity references. Behind a redaction none of it leaves. */
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/model/batch.ts';
import { decodeLogs, decodeTraces, encodeLogs, encodeTraces } from '../../src/otlp/otlp.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { attribute, block, join, spanId, traceId } from '../otlp/wire.ts';
import { caller, processorOf } from '../processors/batches.ts';

const secret = Buffer.from('sk-unseen-by-anybody');
const newer = block(200, secret);
const text = (value: Uint8Array) => block(1, value);
const pair = (value: Uint8Array) => block(1, block(1, Buffer.from('name')), block(2, text(value)));
/** Both members have the same name; the last one counts. */
const doubled = block(6, pair(secret), pair(Buffer.from('fine')));
const deeper = block(5, block(1, doubled), newer);

const span = (number: number) =>
  join(traceId, spanId, block(5, Buffer.from('ask')), attribute('map', doubled, number), attribute('list', deeper, number), newer);
const record = join(
  block(5, join(doubled, newer)),
  attribute('map', doubled, 6),
  block(9, Buffer.alloc(16, 1)),
  block(10, Buffer.alloc(8, 2)),
  newer,
);
const event = block(11, block(2, Buffer.from('event')), attribute('map', doubled, 3), newer);
const link = block(13, traceId, spanId, attribute('map', doubled, 4), newer);
const status = block(15, block(2, Buffer.from('no')), newer);
const entity = block(3, block(2, secret));
const resource = block(1, join(attribute('map', doubled, 1), entity, newer));
const scope = block(1, join(attribute('map', doubled, 3), newer));
const request = (...items: Uint8Array[]) => block(1, resource, block(2, scope, ...items.map((item) => block(2, item)), newer), newer);

const traces = (): Batch => decodeTraces(request(join(span(9), event, link, status)), caller).batch;
const logs = (): Batch => decodeLogs(request(record), caller).batch;

function written(batch: Batch): string {
  return Buffer.from(batch.signal === 'traces' ? encodeTraces(batch) : encodeLogs(batch)).toString('latin1');
}

const settings = {
  'the Collector’s settings': { allow_all_keys: true },
  detectors: { allow_all_keys: true, presets: ['secrets'] },
  'detectors in span names alone': { allow_all_keys: true, presets: ['secrets'], targets: ['span_name'] },
};

describe.each([
  ['spans', traces],
  ['log records', logs],
])('%s', (_name, batch) => {
  it('carry what nobody sees as long as nothing promises otherwise', () => {
    expect(written(batch())).toContain(secret.toString());
  });

  it.each(Object.entries(settings))('leave without it behind a redaction with %s', (_settings, given) => {
    const out = written(processorOf(redaction, given).process(batch()));
    expect(out).not.toContain(secret.toString());
    expect(out).toContain('fine');
  });

  it('leave without it in copies for other pipelines, too', () => {
    const redacted = processorOf(redaction, settings.detectors).process(batch());
    expect(written(redacted.clone())).toBe(written(redacted));
  });
});
