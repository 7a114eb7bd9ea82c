// Where the CPU of a span goes: threads as Linux counts them, and the main thread's share by the folder of `src` that runs, or that called what runs.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { drive, warm, withGateway } from './gateway-process.mjs';
import { table } from './measure.mjs';

const work = [
  ['llm', { kind: 'llm', spans: 128, requests: 120, clients: 8 }],
  ['small', { kind: 'small', spans: 128, requests: 400, clients: 8 }],
  ['small, one a request', { kind: 'small', spans: 1, requests: 16_000, clients: 32 }],
];
const rounds = 2;
const msPerTick = 10;
/** Threads in the order in which Node.js 20 and later start them. */
const threadNames = ['event loop', ...Array(6).fill("V8's: collector, compiler"), ...Array(4).fill("libuv's: commit and sync")];
/** The rooms as the table names them: by the longest path that fits. */
const rooms = {
  otlp: 'decode',
  receivers: 'receive and answer',
  'exporters/langsmith/convert': 'convert',
  'exporters/langsmith/assemble': 'trees',
  'exporters/langsmith/partition': 'trees, batches',
  'exporters/langsmith/upload': 'upload',
  'exporters/langsmith': 'append, settle',
  'exporters/compressor': 'hand over to zstd',
  journal: 'journal',
  service: 'pipelines, metrics, trails',
};
const roomPaths = Object.keys(rooms).sort((one, other) => other.length - one.length);

function threadMs(pid) {
  const ids = readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .sort((one, other) => one - other);
  return ids.map((id) => {
    const fields = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  });
}

function roomOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return "the collector's part on it";
  if (url.includes('/node_modules/lmdb/')) return 'journal';
  if (url.includes('/node_modules/undici/')) return 'upload';
  const path = url.split('/dist/')[1];
  const room = path === undefined ? undefined : roomPaths.find((prefix) => path.startsWith(`${prefix}/`));
  return room === undefined ? undefined : rooms[room];
}

/** Samples by room. What runs in Node.js itself counts for the room that called it. */
function shares({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  const roomOfNode = new Map();
  for (const { id } of nodes) {
    let room;
    for (let at = id; at !== undefined && room === undefined; at = parents.get(at)) room = roomOf(byId.get(at).callFrame);
    roomOfNode.set(id, room ?? "Node.js's own: sockets, HTTP, promises");
  }
  const found = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    if (byId.get(id).callFrame.functionName === '(idle)') continue;
    found.set(roomOfNode.get(id), (found.get(roomOfNode.get(id)) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  }
  return new Map([...found].map(([room, time]) => [room, time / total]));
}

async function profiled(job) {
  const probe = new URL('profile-probe.mjs', import.meta.url).href;
  return withGateway({ nodeOptions: ['--import', probe], ipc: true }, async (gateway, load) => {
    await warm(gateway, load, job);
    const { child } = gateway;
    child.send('start');
    await once(child, 'message');
    const before = threadMs(child.pid);
    let spans = 0;
    for (let round = 0; round < rounds; round += 1) spans += (await drive(gateway, load, job)).spans;
    const after = threadMs(child.pid);
    child.send('stop');
    const [profile] = await once(child, 'message');
    const micros = new Map();
    for (const [index, ms] of after.entries()) {
      const name = threadNames[index] ?? "zstd's";
      micros.set(name, (micros.get(name) ?? 0) + ((ms - (before[index] ?? 0)) * 1_000) / spans);
    }
    return { micros, loop: shares(profile) };
  });
}

export async function benchProfile() {
  const columns = [];
  for (const [name, job] of work) {
    const { micros, loop } = await profiled(job);
    const all = [...micros.values()].reduce((sum, one) => sum + one, 0);
    const cells = new Map([['all, µs per span', all.toFixed(1)]]);
    for (const [room, share] of loop) cells.set(`event loop: ${room}`, `${((100 * share * micros.get('event loop')) / all).toFixed(1)} %`);
    for (const [thread, one] of micros) if (thread !== 'event loop') cells.set(thread, `${((100 * one) / all).toFixed(1)} %`);
    columns.push({ name, cells });
  }
  const rows = [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))];
  table(
    'Where the CPU of a span goes',
    ['', ...columns.map(({ name }) => name)],
    rows.map((row) => [row, ...columns.map(({ cells }) => cells.get(row) ?? '')]),
  );
}
