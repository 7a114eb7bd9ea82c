import { expect, it } from 'vitest';
import { batchProcessor } from '../../src/processors/batch/batch.ts';
import { problemsOf, processorOf, traces } from './batches.ts';

it('takes the settings of the Collector and hands data through', () => {
  const settings = {
    timeout: '1s',
    send_batch_size: 100,
    send_batch_max_size: 200,
    metadata_keys: ['x-tenant'],
    metadata_cardinality_limit: 10,
  };
  const batch = traces([{ name: 'a' }]);
  expect(processorOf(batchProcessor, settings).process(batch)).toBe(batch);
});

it.each([
  [{ send_batch_size: 10, send_batch_max_size: 9 }, ['send_batch_max_size: must be greater than or equal to send_batch_size']],
  [{ metadata_keys: ['X-Tenant', 'x-tenant'] }, ['metadata_keys: duplicate entry "x-tenant" (case-insensitive)']],
  [{ timeout: '-1s' }, ['timeout: time: invalid duration "-1s" (write for example "200ms", "30s" or "1m30s")']],
])('refuses the settings %j', (settings, problems) => {
  expect(problemsOf(batchProcessor, settings)).toEqual(problems);
});
