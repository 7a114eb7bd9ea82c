/** What the documents show must work: a code block is run, loaded or parsed by its language; one of an unknown language fails. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { formatProblem, loadConfig } from '../src/config/load.ts';
import { factories } from '../src/service/components.ts';
import { startTestGateway, strictSink, temporaryDirectory, until } from './e2e/harness.ts';

const root = new URL('..', import.meta.url).pathname;
const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const atTop = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/README.md', 'config/reference.md'];
const documents = [...atTop, ...pages.map((name) => `docs/${name}`)];
const textOf = (document: string): string => readFileSync(join(root, document), 'utf8');

interface Block {
  /** The info string: a language, and what to do with it. */
  readonly info: string;
  readonly code: string;
}

function blocksOf(text: string): Block[] {
  const found = text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, info = '', code = '']) => ({ info: info.trim(), code }));
}

/** How GitHub names the place of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** `sh config` stands for commands about a gateway.yaml, `sh run` for commands that work as they are, `python` for what needs packages of its own, `text` and no language for drawings. */
const kinds = new Set([
  'yaml',
  'json',
  'sh',
  'sh config',
  'sh run',
  'sh run=gateway',
  'js run=gateway',
  'ts',
  'python',
  'promql',
  'text',
  '',
]);

describe.each(documents)('%s', (document) => {
  const text = textOf(document);
  const blocks = blocksOf(text);

  test('has no code block of which nobody knows what to do with it', () => {
    expect(blocks.map(({ info }) => info).filter((info) => !kinds.has(info))).toEqual([]);
  });

  test('shows only configurations that load', async () => {
    for (const { code } of blocks.filter(({ info }) => info === 'yaml')) {
      const loaded = await loadConfig({ uris: [`yaml:${code}`], sets: [], env: {}, factories });
      expect(loaded.ok ? [] : loaded.problems.map(formatProblem), code).toEqual([]);
    }
  });

  test('shows only JSON that can be read', () => {
    for (const { code } of blocks.filter(({ info }) => info === 'json')) expect(() => JSON.parse(code), code).not.toThrow();
  });

  test('links only to files and headings that exist', () => {
    for (const [, path = '', anchor] of text.matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)) {
      const target = path === '' ? document : join(dirname(document), path);
      expect(existsSync(join(root, target)), path).toBe(true);
      if (anchor === undefined) continue;
      const anchors = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
      expect(anchors, `${path}#${anchor}`).toContain(anchor);
    }
  });

  test('names only npm scripts and spanway commands that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const main = textOf('src/main.ts');
    for (const [, name] of text.matchAll(/npm run ([a-z-]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const { code } of blocks.filter(({ info }) => info.startsWith('sh'))) {
      for (const [, name] of code.matchAll(/^spanway ([a-z-]+)/gm)) expect(main).toMatch(new RegExp(`command\\('${name}[ ']`));
    }
  });
});

test('every page of docs/ is in its index', () => {
  const index = textOf('docs/README.md');
  for (const name of pages.filter((page) => page !== 'README.md')) expect(index).toContain(`](${name})`);
});

const run = promisify(execFile);
const runnable = documents.flatMap((document) =>
  blocksOf(textOf(document))
    .filter(({ info }) => info.endsWith('run=gateway'))
    .map(({ info, code }, index) => ({ name: `${document}, ${index + 1}`, info, code })),
);

const commands = documents.flatMap((document) =>
  blocksOf(textOf(document))
    .filter(({ info }) => info === 'sh run')
    .map(({ code }, index) => ({ name: `${document}, ${index + 1}`, code })),
);

test.each(commands)('what is shown works in an empty folder: $name', async ({ code }) => {
  const directory = temporaryDirectory();
  try {
    const program = join(directory.path, 'spanway');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist', 'main.js')}' "$@"\n`, { mode: 0o755 });
    const { stdout } = await run('sh', ['-ec', code], {
      cwd: directory.path,
      env: { ...process.env, PATH: `${directory.path}:${process.env.PATH}` },
    });
    expect(stdout).not.toBe('');
  } finally {
    directory.remove();
  }
});

test.each(runnable)('what is shown with a gateway brings a run: $name', async ({ info, code }) => {
  const sink = await strictSink();
  const gateway = await startTestGateway({ sinkUrl: sink.url });
  const directory = temporaryDirectory();
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: gateway.httpUrl };
  try {
    if (info.startsWith('sh')) await run('sh', ['-ec', code], { env });
    else {
      // Beside the packages, so that it finds them as an application would.
      const path = join(root, 'node_modules', `.documented-${process.pid}.mjs`);
      writeFileSync(path, code);
      await run('node', [path], { env });
    }
    await until(
      () => sink.store.runs().length > 0,
      () => gateway.lines.join('\n'),
    );
    expect(sink.store.violations()).toEqual([]);
  } finally {
    directory.remove();
    await gateway.stop();
    await sink.close();
  }
});
