// What a gateway in Node.js costs that only receives, converts, syncs, compresses and sends: no pipeline, no checks, no trees, no retries, no metrics.
// The same libraries and the same conversion as the product, in the fewest steps that keep an acknowledged span over a crash. It is the bound that
// `npm run bench -- bare` shows beside the product.
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';
import { open } from 'lmdb';
import { Agent, request } from 'undici';
import { createCompressor } from '../dist/exporters/compressor/compressor.js';
import { createConverter } from '../dist/exporters/langsmith/convert/convert.js';
import { free } from '../dist/model/free.js';
import { decodeTraces } from '../dist/otlp/otlp.js';

const [sinkUrl, directory] = process.argv.slice(2);
const runsMax = 100;
const answer = Buffer.alloc(0);
const caller = { receiver: 'otlp', transport: 'http', address: '', metadata: new Map(), receivedAtMs: 0 };
const partNames = ['inputs', 'outputs', 'events', 'error', 'metadata', 'usage', 'extra'];
const heads = [undefined, ...partNames].map((part) =>
  Buffer.from(
    `\r\n--spanway\r\nContent-Disposition: form-data; name="post.00000000-0000-5000-8000-000000000000${part ? `.${part}` : ''}"\r\nContent-Type: application/json; length=00000\r\n\r\n`,
  ),
);

const store = open({ path: directory, encoding: 'binary', keyEncoding: 'uint32', overlappingSync: false, eventTurnBatching: false });
const compressor = createCompressor();
const convert = createConverter({ reuseBytes: true });
const dispatcher = new Agent({ connections: 4 });
let lastKey = 0;
let delivered = 0;
const runs = [];
let committing = false;
const steps = [];

/** Steps that come while a transaction is under way share the next one. */
function commit(step) {
  return new Promise((resolve) => {
    steps.push({ step, resolve });
    if (!committing) void drain();
  });
}

async function drain() {
  committing = true;
  while (steps.length > 0) {
    const group = steps.splice(0);
    await store.transaction(() => {
      for (const { step } of group) step();
    });
    for (const { resolve } of group) resolve();
  }
  committing = false;
}

function partsOf(draft) {
  const { main, inputs, outputs, events, error, metadata, usage, extra } = draft.body;
  return [main, inputs, outputs, events, error, metadata, usage, extra];
}

/** The request's drafts, one behind the other, and where each part ends. */
function entryOf(body) {
  const parts = [];
  let length = 0;
  for (const { resource, scopeSpans } of decodeTraces(body, caller).batch.resourceSpans)
    for (const { scope, spans } of scopeSpans)
      for (const span of spans)
        for (const part of partsOf(convert(span, scope, resource, caller))) {
          // The converter's room is used again.
          parts.push(length, (length += part.length));
          room = room.length < length ? Buffer.concat([room], length * 2) : room;
          part.copy(room, length - part.length);
        }
  return { ends: parts, bytes: Buffer.from(room.subarray(0, length)) };
}
let room = Buffer.alloc(2 ** 20);

async function take(body) {
  const { ends, bytes } = entryOf(body);
  free(body);
  crc32(bytes);
  const key = ++lastKey;
  await commit(() => store.putSync(key, bytes));
  const entry = { key, bytes, left: ends.length / 2 / heads.length };
  for (let at = 0; at < ends.length; at += 2 * heads.length) runs.push({ entry, ends, at });
  while (runs.length >= runsMax) void send(runs.splice(0, runsMax)).catch(stop);
}

/** Bodies that are composed, in memory that is used again. */
const rooms = [];
function roomOf(length) {
  const at = rooms.findIndex((body) => body.length >= length);
  return at < 0 ? Buffer.from(new SharedArrayBuffer(length * 2)) : rooms.splice(at, 1)[0];
}

async function send(batch) {
  let length = 0;
  for (const { ends, at } of batch) length += ends[at + 2 * heads.length - 1] - ends[at] + 8 * heads[1].length;
  const body = roomOf(length);
  let end = 0;
  const done = [];
  for (const { entry, ends, at } of batch) {
    for (let part = 0; part < heads.length; part += 1) {
      const [from, to] = [ends[at + 2 * part], ends[at + 2 * part + 1]];
      if (from === to) continue;
      end += heads[part].copy(body, end);
      end += entry.bytes.copy(body, end, from, to);
    }
    if (--entry.left > 0) continue;
    free(entry.bytes);
    done.push(entry.key);
  }
  const sealed = await compressor.compress(body.subarray(0, end), 'zstd');
  rooms.push(body);
  const batchKey = ++lastKey;
  await commit(() => {
    store.putSync(batchKey, sealed);
    for (const key of done) store.removeSync(key);
  });
  const headers = { 'content-type': 'multipart/form-data; boundary=spanway', 'content-encoding': 'zstd' };
  const response = await request(`${sinkUrl}/runs/multipart`, { method: 'POST', headers, body: sealed, dispatcher });
  await response.body.dump();
  free(sealed);
  await commit(() => store.removeSync(batchKey));
  delivered += batch.length;
}

function stop(error) {
  console.error(error);
  process.exit(1);
}

const server = createServer((incoming, response) => {
  if (incoming.method === 'GET') {
    // What is left over goes out when somebody asks how much is delivered.
    if (runs.length > 0) void send(runs.splice(0)).catch(stop);
    response.end(String(delivered));
    return;
  }
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    take(Buffer.concat(chunks)).then(() => response.writeHead(200, { 'content-length': 0 }).end(answer), stop);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
