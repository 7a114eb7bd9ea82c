/** SPANWAY_WRITE_DOCS=1 writes docs/metrics.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { metricsReference } from '../../src/service/telemetry/reference.ts';

test('docs/metrics.md says what the table of metrics says', () => {
  const path = join(import.meta.dirname, '..', '..', 'docs', 'metrics.md');
  const text = metricsReference();
  if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
});
