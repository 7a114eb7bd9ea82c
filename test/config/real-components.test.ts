/** What the loader says of the real components, where it must be what the Collector says. */
import { expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { factories } from '../../src/service/components.ts';

async function problemsIn(text: string): Promise<string> {
  const loaded = await loadConfig({ uris: [`yaml:${text}`], sets: [], env: {}, factories });
  return loaded.ok ? '' : loaded.problems.map(formatProblem).join('\n');
}

const file = (receiver: string, processor: string): string => `
receivers: {otlp: ${receiver}}
processors: {${processor}}
exporters: {debug: }
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
`;

test.each(['', '{}', '{protocols: }', '{protocols: {}}'])('an OTLP receiver of "%s" must specify a protocol', async (receiver) => {
  expect(await problemsIn(file(receiver, ''))).toContain(
    'receivers::otlp: must specify at least one protocol when using the OTLP receiver',
  );
});

test.each(['.nan', '.inf'])('a percentage of %s is refused as what it is', async (percentage) => {
  const problems = await problemsIn(file('{protocols: {http: }}', `probabilistic_sampler: {sampling_percentage: ${percentage}}`));
  expect(problems).toContain("'sampling_percentage' must be a finite number");
});

test.each(['zpages', 'pprof', 'memory_ballast'])('the extension "%s" is known to be elsewhere', async (type) => {
  const problems = await problemsIn(`extensions: {${type}: }\n${file('{protocols: {http: }}', '')}`);
  expect(problems).toContain(`type "${type}" exists in the Collector but not here`);
});
