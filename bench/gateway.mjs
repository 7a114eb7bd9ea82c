// The whole gateway: OTLP in, disk journal with sync, trees, zstd, upload. Each figure beside its target of issue 7.
import { atHalf, drive, peakMiB, warm, withGateway } from './gateway-process.mjs';
import { median, table, tableHead, tableRow, thousands } from './measure.mjs';

const rounds = 5;
const redaction = {
  redaction: { allow_all_keys: true, presets: ['pii', 'secrets'] },
  transform: {
    trace_statements: [
      'set(span.attributes["deployment.environment"], "production")',
      'set(span.attributes["app.team"], resource.attributes["service.name"])',
      'delete_key(span.attributes, "app.attribute.0")',
      'truncate_all(span.attributes, 16384)',
      'set(span.attributes["app.slow"], true) where span.attributes["server.port"] == 443',
    ],
  },
};

/** What is measured, the gateway's options, and the target in spans per CPU-second. */
const work = [
  ['llm spans, 128 a request', { kind: 'llm', spans: 128, requests: 60 }, {}, 15_000],
  ['indexed spans, 128 a request', { kind: 'indexed', spans: 128, requests: 60 }, {}, 15_000],
  ['1 kB spans, 128 a request', { kind: 'small', spans: 128, requests: 200 }, {}, 50_000],
  ['llm spans, redacted and five OTTL statements', { kind: 'llm', spans: 128, requests: 60 }, { processors: redaction }, 9_000],
  ['1 kB spans, redacted and five OTTL statements', { kind: 'small', spans: 128, requests: 200 }, { processors: redaction }, 30_000],
  ['llm spans over gRPC', { kind: 'llm', spans: 128, requests: 60, transport: 'grpc' }, {}, '80 % of HTTP'],
  ['llm spans as JSON', { kind: 'llm', spans: 128, requests: 60, encoding: 'json' }, {}, '50 % of protobuf'],
  ['1 kB spans, one a request', { kind: 'small', spans: 1, requests: 8_000, clients: 32 }, {}, 12_000],
  ['llm spans, 2 workers', { kind: 'llm', spans: 128, requests: 60 }, { workers: 2 }, '1.7 × one, by the second'],
];

async function measured([name, job, options, target]) {
  return withGateway(options, async (gateway, load) => {
    const full = { clients: 8, ...job };
    await warm(gateway, load, full);
    const results = [];
    for (let round = 0; round < rounds; round += 1) results.push(await drive(gateway, load, full));
    const middle = (pick) => median(results.map(pick));
    const perSecond = middle((one) => one.perSecond);
    const gentle = await drive(gateway, load, atHalf(full, perSecond));
    return [
      name,
      thousands(middle((one) => one.perCpuSecond)),
      typeof target === 'number' ? thousands(target) : target,
      thousands(perSecond),
      `${gentle.p50.toFixed(1)} / ${gentle.p99.toFixed(1)} ms`,
      gateway
        .pids()
        .map((pid) => Math.round(peakMiB(pid)))
        .join(' + '),
    ];
  });
}

/** Sent bytes beside those that zstd's level 3 makes of the same bodies. */
async function sentBytes(kind) {
  return withGateway({}, async (gateway, load, sink) => {
    await drive(gateway, load, { kind, spans: 128, requests: 20, clients: 8 });
    const answer = new Promise((resolve) => sink.child.once('message', resolve));
    sink.child.send('compare');
    const { sent, level3 } = await answer;
    return [kind, `${(100 * (sent / level3 - 1)).toFixed(1)} %`, '+5 %'];
  });
}

export async function benchGateway() {
  tableHead('Whole gateway: disk journal with sync, trees, zstd upload', [
    'work',
    'spans per CPU-second of the gateway',
    'target',
    'spans per second, delivered',
    'acknowledged at half load, p50 / p99',
    'peak RSS, MiB',
  ]);
  for (const each of work) tableRow(await measured(each));
  table(
    'Sent bytes, more than zstd level 3 makes of the same',
    ['spans', 'more', 'target'],
    [await sentBytes('llm'), await sentBytes('small')],
  );
}
