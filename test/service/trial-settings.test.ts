/** A trial makes runs as the exporter that they come to would. */
import { expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import type { Caller } from '../../src/model/batch.ts';
import { resourceOf, scopeOf, spanOf, tracesOf } from '../../src/otlp/otlp.ts';
import { factories } from '../../src/service/components.ts';
import { Trial } from '../../src/service/trial/trial.ts';

const times = { startTimeUnixNano: 1_767_225_600_000_000_000n, endTimeUnixNano: 1_767_225_601_000_000_000n };

async function runs(exporter: object, headers: Record<string, string> = {}): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const document = {
    receivers: { otlp: { protocols: { http: null } } },
    exporters: { langsmith: exporter },
    extensions: { file_storage: null },
    service: { extensions: ['file_storage'], pipelines: { traces: { receivers: ['otlp'], exporters: ['langsmith'] } } },
  };
  const loaded = await loadConfig({ uris: [`yaml:${JSON.stringify(document)}`], sets: [], env: {}, factories });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const trial = new Trial(loaded.config);
  const metadata = new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const caller: Caller = { receiver: 'otlp', transport: 'http', address: '', metadata, receivedAtMs: 0 };
  const span = spanOf({ ...times, traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'chat', attributes: { team: 'search' } });
  const scopeSpans = [{ scope: scopeOf('s'), spans: [span] }];
  await trial.send(tracesOf(caller, [{ resource: resourceOf({ 'service.name': 'shop' }), scopeSpans }]));
  return trial.collected.get('langsmith')?.runs ?? [];
}

test('the project comes from where project_from says, and otherwise is the configured one', async () => {
  expect(await runs({ project: 'fallback', project_from: '{resource.service.name}-{span.team}' })).toMatchObject([
    { session_name: 'shop-search' },
  ]);
  expect(await runs({ project: 'fallback', project_from: 'metadata.x-project' }, { 'x-project': 'mine' })).toMatchObject([
    { session_name: 'mine' },
  ]);
  expect(await runs({ project: 'fallback', project_from: 'metadata.x-project' })).toMatchObject([{ session_name: 'fallback' }]);
});
