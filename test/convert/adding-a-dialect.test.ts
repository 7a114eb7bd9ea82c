import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

const page = readFileSync(new URL('../../docs/adding-a-dialect.md', import.meta.url), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

it('the dialect on the page is the one that runs here', () => {
  const file = readFileSync(new URL('acme-dialect.ts', import.meta.url), 'utf8');
  expect(block('ts')).toBe(file.replace('../../src/exporters/langsmith/convert/dialect.ts', '../dialect.ts'));
});

it('makes of the attributes on the page the run on the page', async () => {
  vi.resetModules();
  vi.doMock('../../src/exporters/langsmith/convert/dialects/dialects.ts', async (original) => {
    const { dialects } = await original<typeof import('../../src/exporters/langsmith/convert/dialects/dialects.ts')>();
    const { acme } = await import('./acme-dialect.ts');
    return { dialects: [acme, ...dialects] };
  });
  const { run } = await import('./spans.ts');
  const [attributes, expected] = JSON.parse(block('json')) as [Record<string, unknown>, object];
  expect(run(attributes)).toMatchObject(expected);
});
