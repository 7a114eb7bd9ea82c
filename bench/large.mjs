// One request of 64 MiB beside small ones: how long the event loop, and those who wait for it, are held up.
import { drive, startLoad, withGateway } from './gateway-process.mjs';
import { median, table } from './measure.mjs';

const work = [
  ['protobuf', {}],
  ['JSON', { encoding: 'json', spans: 8_000 }],
  ['gzip', { compression: 'gzip' }],
  ['zstd', { compression: 'zstd' }],
  ['gRPC', { transport: 'grpc' }],
];
const rounds = 3;

async function measured([name, form]) {
  const probe = new URL('loop-delay.mjs', import.meta.url).href;
  const rows = await withGateway({ nodeOptions: ['--import', probe], ipc: true }, async (gateway, load) => {
    const other = startLoad();
    await drive(gateway, load, { kind: 'llm', requests: 30, clients: 4, ...form, spans: 128 });
    await gateway.loopDelay();
    const found = [];
    for (let round = 0; round < rounds; round++) {
      const beside = other.send({ port: gateway.httpPort, kind: 'small', spans: 1, requests: 400, clients: 4, perSecond: 100 });
      const port = form.transport === 'grpc' ? gateway.grpcPort : gateway.httpPort;
      const large = await load.send({ port, kind: 'llm', spans: 9_000, requests: 1, clients: 1, ...form });
      found.push({ large, small: await beside, loop: await gateway.loopDelay() });
    }
    other.child.kill();
    return found;
  });
  const middle = (of) => median(rows.map(of));
  return [
    name,
    `${Math.round(middle(({ large }) => large.bytes) / 2 ** 20)} MiB`,
    `${middle(({ loop }) => loop.p50).toFixed(1)} / ${middle(({ loop }) => loop.p999).toFixed(1)} / ${middle(({ loop }) => loop.max).toFixed(1)} ms`,
    '50 ms at p99.9',
    `${middle(({ loop }) => loop.turnMax).toFixed(1)} ms, ${middle(({ loop }) => loop.turnsAbove10)}`,
    `${middle(({ small }) => small.p50).toFixed(1)} / ${middle(({ small }) => small.p99).toFixed(1)} ms`,
    `${middle(({ large }) => large.p50).toFixed(0)} ms`,
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
