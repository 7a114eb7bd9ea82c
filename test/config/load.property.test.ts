import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import type { Secret } from '../../src/model/secret.ts';
import { loadText, mutate, seeds } from '../fuzz/config-fuzz.ts';
import { factories } from './factories.ts';

async function load(text: string, env: Record<string, string> = {}) {
  return loadConfig({ uris: [`yaml:${text}`], sets: [], env, factories });
}

/** Everything that a loaded configuration says to anybody. */
async function said(text: string, env: Record<string, string>): Promise<string> {
  const loaded = await load(text, env);
  const problems = loaded.ok ? [] : loaded.problems;
  const printed = loaded.ok ? printConfig(loaded, { format: 'yaml' }) + printConfig(loaded, { format: 'json' }) : '';
  return [...problems, ...loaded.warnings].map(formatProblem).join('\n') + printed;
}

/** What the test's own exporter makes of its settings. */
interface Uploads {
  readonly api_key: Secret;
  readonly headers: ReadonlyMap<string, Secret>;
}

const service = 'service: { pipelines: { traces: { receivers: [otlp], exporters: [langsmith] } } }';

describe('loading any text', () => {
  it('gives a configuration or problems for every mutation of a good file, and never throws', async () => {
    const numbers = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds()), numbers, async (seed, stream) => {
        await loadText(mutate(seed, () => stream.next().value as number));
      }),
      { numRuns: 300 },
    );
  });

  it('gives a configuration or problems for every text of YAML indicators', async () => {
    const indicators = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '\n',
        '- ',
        ': ',
        '[',
        ']',
        '{',
        '}',
        '&x',
        '*x',
        '<<',
        '? ',
        '"',
        "'",
        '|',
        '>',
        '!',
        '%',
        '#',
        ',',
        '\t',
      ),
    });
    await fc.assert(fc.asyncProperty(indicators, loadText), { numRuns: 500 });
  });
});

describe('expansion', () => {
  it('ends whatever the variables refer to', async () => {
    const names = fc.constantFrom('A', 'B', 'C');
    const value = fc
      .array(
        fc.oneof(
          names.map((name) => `\${env:${name}}`),
          fc.constantFrom('x', '- ', '\n', '$', '}', '{a: ', '['),
        ),
        { maxLength: 5 },
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(value, value, value, async (A, B, C) => {
        const loaded = await load(`exporters: { debug: { verbosity: "\${env:A}", x: "\${env:B}" } }`, { A, B, C });
        expect(loaded.ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('never shows the value of a variable in a problem, wherever it stands', async () => {
    const secret = fc
      .string({ minLength: 8, maxLength: 24, unit: fc.constantFrom(...'QZXWVK0987:,/ {}[]"#&*!|-') })
      .filter((text) => text.trim().length >= 8);
    const places = fc.constantFrom(
      'receivers: { otlp: { protocols: { http: { endpoint: "S" } } } }',
      'receivers: { otlp: { protocols: { http: { read_timeout: "S", max_request_body_size: "S", include_metadata: "S" } } } }',
      'receivers: { otlp: { protocols: "S" } }',
      'receivers: "S"',
      'exporters: { langsmith: { timeout: "S", compression: "S", headers: "S", sending_queue: "S" } }',
      'processors: { attributes: { actions: "S" } }',
      'service: { pipelines: { traces: { receivers: "S", processors: ["S"], exporters: "S" }, "S": } }',
      'service: { telemetry: "S", extensions: "S", workers: "S", reload: "S" }',
    );
    await fc.assert(
      fc.asyncProperty(secret, places, async (text, place) => {
        expect(await said(place.replaceAll('"S"', `"\${env:SECRET}"`), { SECRET: text })).not.toContain(text.trim());
      }),
      { numRuns: 400 },
    );
  });

  it('never prints the value of a secret field, and gives the field exactly the text of the variable', async () => {
    const secret = fc
      .string({ minLength: 8, unit: fc.constantFrom(...'QZXWVK0987:,/ {}[]"#&*!|-') })
      .filter((text) => text.trim().length >= 8);
    await fc.assert(
      fc.asyncProperty(secret, async (text) => {
        const yaml = `receivers: { otlp: { protocols: { http: } } }\nexporters: { langsmith: { api_key: "\${env:SECRET}", headers: { a: "\${env:SECRET}" } } }\n${service}`;
        const loaded = await load(yaml, { SECRET: text });
        if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
        const { api_key, headers } = loaded.config.exporters.get('langsmith')!.config as Uploads;
        expect(api_key.reveal()).toBe(text);
        expect(headers.get('a')?.reveal()).toBe(text);
        expect(await said(yaml, { SECRET: text })).not.toContain(text.trim());
      }),
      { numRuns: 200 },
    );
  });
});
