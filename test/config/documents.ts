import { jsonSchema } from '../../src/config/json-schema.ts';
import type { AnyFactory } from '../../src/config/load.ts';
import { referenceMarkdown } from '../../src/config/reference-markdown.ts';

/** The generated documents of config/, by file name. */
export function documents(factories: readonly AnyFactory[]): ReadonlyMap<string, string> {
  return new Map([
    ['schema.json', `${JSON.stringify(jsonSchema(factories), undefined, 2)}\n`],
    ['reference.md', referenceMarkdown(factories)],
  ]);
}
