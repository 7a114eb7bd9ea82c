/** Fuzzes the configuration loader: whatever the text, it answers with a configuration or with problems, and never throws. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import { factories } from '../config/factories.ts';

const corpus = join(import.meta.dirname, 'corpus', 'config');
const pieces = [
  `\${env:A}`,
  `\${env:`,
  '}',
  '$$',
  '&a ',
  '*a',
  '<<: ',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '|\n',
  '\t',
  '\n',
  '  ',
  '!t ',
  '0123',
  '~',
  '::',
  '/',
  '__proto__',
  '\u0000',
  '\ud800',
  '#',
];

/** A text near one of the corpus: a few pieces cut out, doubled, or put in. `random` gives numbers in [0, 1). */
export function mutate(text: string, random: () => number): string {
  let mutated = text;
  for (let edits = 1 + Math.floor(random() * 6); edits > 0; edits--) {
    const start = Math.floor(random() * (mutated.length + 1));
    const end = Math.min(mutated.length, start + Math.floor(random() * 20));
    const kind = random();
    const piece =
      kind < 0.3 ? '' : kind < 0.5 ? mutated.slice(start, end).repeat(2) : (pieces[Math.floor(random() * pieces.length)] as string);
    mutated = mutated.slice(0, start) + piece + mutated.slice(kind < 0.6 ? end : start);
  }
  return mutated;
}

export function seeds(): string[] {
  return readdirSync(corpus).map((name) => readFileSync(join(corpus, name), 'utf8'));
}

/** Loads a text with hostile variables around it; throws only where the loader has a bug. */
export async function loadText(text: string): Promise<void> {
  const env = { A: `\${env:A}\${env:A}`, B: `- \${env:B}\n- \${env:B}` };
  const loaded = await loadConfig({ uris: [`yaml:${text}`], sets: [], env, factories });
  for (const problem of loaded.ok ? loaded.warnings : loaded.problems) formatProblem(problem);
  if (loaded.ok) printConfig(loaded, { format: 'yaml' });
}

/** Runs for about `timeMs`; resolves with the number of texts tried, rejects with what broke and the text as `cause`. */
export async function fuzzConfig(random: () => number, timeMs: number): Promise<number> {
  const known = seeds();
  const end = Date.now() + timeMs;
  let tried = 0;
  for (; Date.now() < end; tried++) {
    const text = mutate(known[Math.floor(random() * known.length)] as string, random);
    await loadText(text).catch((error) => {
      throw new Error(`the loader threw: ${error}`, { cause: text });
    });
  }
  return tried;
}
