/** A destination that was configured wrongly: what was acknowledged meanwhile goes to the right one once the configuration is corrected. */
import { expect, test } from 'vitest';
import { startTestGateway, strictSink, temporaryDirectory, until } from './harness.ts';

const span = {
  traceId: 'ab'.repeat(16),
  spanId: 'cd'.repeat(8),
  name: 'n',
  startTimeUnixNano: '1767225600000000000',
  endTimeUnixNano: '1767225601000000000',
};
const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

test('runs that wait for a wrong endpoint and workspace go to the corrected ones after a restart', async () => {
  const sink = await strictSink();
  const directory = temporaryDirectory();
  const wrong = await startTestGateway({ sinkUrl: 'http://127.0.0.1:1', directory: directory.path, exporter: { workspace_id: 'wrong' } });
  await fetch(`${wrong.httpUrl}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await until(
    () => wrong.lines.some((line) => line.includes('LangSmith cannot be reached')),
    () => wrong.lines.join('\n'),
  );
  await wrong.stop(100);
  const workspace = '6f1ed3e4-0000-4000-8000-000000000001';
  const right = await startTestGateway({ sinkUrl: sink.url, directory: directory.path, exporter: { workspace_id: workspace } });
  await until(
    () => right.balance().delivered === 1,
    () => right.lines.join('\n'),
  );
  expect(sink.store.requests().map(({ workspaceId }) => workspaceId)).toContain(workspace);
  await right.stop();
  await sink.close();
  directory.remove();
});
