// What no design of this gateway can leave out, each measured alone: conversion, compression of what is sent, checksums and one copy. Beside it the time
// that the targets of issue 7 give a span.
import { crc32 } from 'node:zlib';
import { createCompressor } from '../dist/exporters/compressor/compressor.js';
import { createConverter } from '../dist/exporters/langsmith/convert/convert.js';
import { decodeTraces } from '../dist/otlp/otlp.js';
import { median, table } from './measure.mjs';
import { request } from './payload.mjs';

const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };
const count = 100;
const rounds = 15;
const passes = 20;
const targets = { llm: 15_000, small: 50_000 };

/** CPU time of all threads per span, in µs. */
async function costOf(work) {
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let pass = 0; pass < passes; pass += 1) await work();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / passes / count);
  }
  return median(costs.slice(rounds / 3));
}

function converted(convert, body) {
  const drafts = [];
  for (const { resource, scopeSpans } of decodeTraces(body, caller).batch.resourceSpans)
    for (const { scope, spans } of scopeSpans) for (const span of spans) drafts.push(convert(span, scope, resource, caller));
  return drafts;
}

/** As it is sent, but for the heads of the parts. In shared memory, as the gateway has it. */
function sentOf(drafts) {
  const parts = drafts.flatMap(({ body }) => [
    body.main,
    body.inputs,
    body.outputs,
    body.events,
    body.error,
    body.metadata,
    body.usage,
    body.extra,
  ]);
  const all = Buffer.concat(parts);
  const shared = Buffer.from(new SharedArrayBuffer(all.length));
  all.copy(shared);
  return shared;
}

export async function benchFloor() {
  const compressor = createCompressor();
  const rows = [];
  for (const kind of ['llm', 'small']) {
    const body = request(kind, count);
    const convert = createConverter({ reuseBytes: true });
    const sent = sentOf(converted(createConverter({}), body));
    const target = Buffer.alloc(sent.length);
    const conversion = await costOf(() => converted(convert, body));
    const compression = await costOf(() => compressor.compress(sent, 'zstd'));
    // Of the entry and of the draft; and from the converter's room into the entry, from the entry into the batch.
    const bytes = await costOf(() => {
      for (let time = 0; time < 2; time += 1) {
        crc32(sent);
        sent.copy(target);
      }
    });
    const least = conversion + compression + bytes;
    const budget = 1_000_000 / targets[kind];
    rows.push([
      `${kind}, ${Math.round(sent.length / count)} B sent`,
      ...[conversion, compression, bytes, least, budget].map((micros) => `${micros.toFixed(1)} µs`),
      `${Math.round(1_000 / least)} k`,
    ]);
  }
  await compressor.close();
  table(
    'What a span costs at least',
    [
      'spans',
      'decode and convert',
      'zstd level 3',
      'two checksums, two copies',
      'together',
      'what the target leaves',
      'so at most spans per CPU-second',
    ],
    rows,
  );
}
