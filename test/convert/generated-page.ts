import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A page of `docs/` that is made from the code. `SPANWAY_WRITE_DOCS=1` writes it; else it has to be what the code makes. */
export function expectPage(name: string, text: string): void {
  const file = new URL(`../../docs/${name}`, import.meta.url);
  if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '', `docs/${name} is not up to date: SPANWAY_WRITE_DOCS=1 writes it`).toBe(text);
}
