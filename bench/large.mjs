// One request of 64 MiB beside small ones: how long the event loop, and those who wait for it, are held up.
import { drive, startGateway, startLoad, startSink } from './gateway-process.mjs';
import { table } from './measure.mjs';

const work = [
  ['protobuf', {}],
  ['JSON', { encoding: 'json', spans: 8_000 }],
  ['gzip', { compression: 'gzip' }],
  ['zstd', { compression: 'zstd' }],
  ['gRPC', { transport: 'grpc' }],
];
const rounds = 3;

async function measured([name, form]) {
  const sink = await startSink();
  const [load, other] = [startLoad(), startLoad()];
  const probe = new URL('loop-delay.mjs', import.meta.url).href;
  const gateway = await startGateway(sink.url, { nodeOptions: ['--import', probe], ipc: true });
  await drive(gateway, load, { kind: 'llm', requests: 30, clients: 4, ...form, spans: 128 });
  await gateway.loopDelay();
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    const beside = other.send({ port: gateway.httpPort, kind: 'small', spans: 1, requests: 400, clients: 4, perSecond: 100 });
    const port = form.transport === 'grpc' ? gateway.grpcPort : gateway.httpPort;
    const large = await load.send({ port, kind: 'llm', spans: 9_000, requests: 1, clients: 1, ...form });
    rows.push({ large, small: await beside, loop: await gateway.loopDelay() });
  }
  await gateway.stop();
  for (const { child } of [load, other, sink]) child.kill();
  const median = (of) => rows.map(of).sort((a, b) => a - b)[rows.length >> 1];
  return [
    name,
    `${Math.round(median(({ large }) => large.bytes) / 2 ** 20)} MiB`,
    `${median(({ loop }) => loop.p50).toFixed(1)} / ${median(({ loop }) => loop.p999).toFixed(1)} / ${median(({ loop }) => loop.max).toFixed(1)} ms`,
    '50 ms at p99.9',
    `${median(({ loop }) => loop.turnMax).toFixed(1)} ms, ${median(({ loop }) => loop.turnsAbove10)}`,
    `${median(({ small }) => small.p50).toFixed(1)} / ${median(({ small }) => small.p99).toFixed(1)} ms`,
    `${median(({ large }) => large.p50).toFixed(0)} ms`,
  ];
}

export async function benchLarge() {
  const rows = [];
  for (const each of work) rows.push(await measured(each));
  table(
    `A large request beside small ones, medians of ${rounds}`,
    [
      'request',
      'sent',
      'event loop held up, p50 / p99.9 / most',
      'target',
      'CPU of the longest turn, turns above 10 ms',
      'small ones acknowledged, p50 / p99',
      'the large one',
    ],
    rows,
  );
}
