/** What `service::telemetry::logs` and the metrics of processors do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../../src/service/telemetry/logger.ts';
import { Metrics } from '../../src/service/telemetry/metrics.ts';
import { Summary } from '../../src/service/telemetry/summary.ts';
import { Telemetry } from '../../src/service/telemetry/telemetry.ts';
import { temporaryDirectory } from '../e2e/harness.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

test('lines go to every output path, with the initial fields; a logger made anew goes on in the same file, or in a new one if it was rotated', () => {
  const directory = temporaryDirectory();
  open.push(directory.remove);
  const [one, other] = [join(directory.path, 'one.log'), join(directory.path, 'logs', 'other.log')];
  const settings = { level: 'info', encoding: 'json', output_paths: [one, other], initial_fields: { service: 'gateway' } } as const;
  createLogger(settings).info({ items: 1 }, 'first');
  createLogger(settings).info('second');
  for (const path of [one, other]) {
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { service: 'gateway', level: 'info', items: 1, msg: 'first' },
      { service: 'gateway', msg: 'second' },
    ]);
  }
});

function logged(times: number, sampling?: Summary['sampling']): readonly string[] {
  const lines: string[] = [];
  const summary = new Summary(
    (_level, sentence, facts) => void lines.push(`${sentence} ${JSON.stringify(facts)}`),
    () => 0,
  );
  if (sampling) summary.sampling = sampling;
  for (let time = 1; time <= times; time += 1) summary.log('warn', 'again', { time });
  summary.flush(true);
  return lines;
}

test('of a line that repeats the first ones are logged, then every hundredth, and how many were left out is said', () => {
  const lines = logged(250);
  expect(lines.length).toBe(13);
  expect(lines.slice(9)).toEqual(['again {"time":10}', 'again {"time":110}', 'again {"time":210}', 'again {"repeated":238}']);
});

test('sampling off logs every line', () => {
  expect(logged(50, { enabled: false, tick: 10_000, initial: 1, thereafter: 0 })).toHaveLength(50);
});

test('filters, samplers and the memory limiter are counted under the Collector’s names', async () => {
  const telemetry = new Telemetry(
    new Metrics(0, () => 0),
    () => {},
    () => 0,
  );
  telemetry.processed('filter/noise', 'traces', 10, 7, 'filtered', 1);
  telemetry.processed('memory_limiter', 'traces', 5, 5, 'none', 1);
  telemetry.processorRefused('memory_limiter', 'traces', 4);
  telemetry.processorRefused('filter', 'traces', 4);
  telemetry.sampled('probabilistic_sampler', 'traces', 'trace_id_hash', false, 3);
  const text = await telemetry.metrics.text();
  expect(text).toContain('otelcol_processor_filter_spans_filtered{processor="filter/noise"} 3');
  expect(text).toContain('otelcol_processor_memory_limiter_accepted_spans{processor="memory_limiter"} 5');
  expect(text).toContain('otelcol_processor_memory_limiter_refused_spans{processor="memory_limiter"} 4');
  expect(text).toContain(
    'otelcol_processor_probabilistic_sampler_count_traces_sampled{processor="probabilistic_sampler",policy="trace_id_hash",sampled="false"} 3',
  );
});
