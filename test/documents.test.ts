/** What the documents show must work. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../src/config/load.ts';
import { factories } from '../src/service/components.ts';

const root = new URL('..', import.meta.url).pathname;
const documents = ['README.md', 'ARCHITECTURE.md', 'bench/README.md', 'docs/pipelines.md'];

const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] as string);

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  test('shows only configurations that load', async () => {
    for (const block of blocksOf(text, 'yaml')) {
      const loaded = await loadConfig({ uris: [`yaml:${block}`], sets: [], env: {}, factories });
      expect(loaded.ok ? [] : loaded.problems.map(formatProblem), block).toEqual([]);
    }
  });

  test('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] as string);
    for (const link of links) expect(existsSync(join(root, dirname(document), link)), link).toBe(true);
  });

  test('names only npm scripts and spanway commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const main = readFileSync(join(root, 'src/main.ts'), 'utf8');
    for (const [, name] of text.matchAll(/npm run ([a-z-]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const block of blocksOf(text, 'sh')) {
      for (const [, name] of block.matchAll(/^spanway ([a-z-]+)/gm)) expect(main).toMatch(new RegExp(`command\\('${name}[ ']`));
    }
  });
});
