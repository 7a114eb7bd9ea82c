/** SPANWAY_WRITE_DOCS=1 writes config/schema.json and config/reference.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { factories } from '../../src/service/components.ts';
import { documents } from './documents.ts';

for (const [name, text] of documents(factories)) {
  it(`config/${name} says what the schemas say`, () => {
    const path = join(import.meta.dirname, '..', '..', 'config', name);
    if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });
}
