/** The contexts and what each can see. Read this file first; a context's fields are one table in one file. */
import type { ContextName } from '../evaluation.ts';
import { logEnums, traceEnums } from './enums.ts';
import type { Fields } from './field.ts';
import { logFields } from './log.ts';
import { otelcolFields } from './otelcol.ts';
import { resourceFields } from './resource.ts';
import { scopeFields } from './scope.ts';
import { spanFields } from './span.ts';
import { spanEventFields } from './span-event.ts';
import { spanLinkFields } from './span-link.ts';

export interface Context {
  readonly fields: Fields;
  /** The contexts that its statements may name, its own first. */
  readonly sees: readonly ContextName[];
  readonly enums: ReadonlyMap<string, bigint>;
}

const noEnums: ReadonlyMap<string, bigint> = new Map();

export const contexts: Readonly<Record<ContextName, Context>> = {
  otelcol: { fields: otelcolFields, sees: ['otelcol'], enums: noEnums },
  resource: { fields: resourceFields, sees: ['resource', 'otelcol'], enums: noEnums },
  scope: { fields: scopeFields, sees: ['scope', 'resource', 'otelcol'], enums: noEnums },
  span: { fields: spanFields, sees: ['span', 'scope', 'resource', 'otelcol'], enums: traceEnums },
  spanevent: { fields: spanEventFields, sees: ['spanevent', 'span', 'scope', 'resource', 'otelcol'], enums: traceEnums },
  spanlink: { fields: spanLinkFields, sees: ['spanlink', 'span', 'scope', 'resource', 'otelcol'], enums: traceEnums },
  log: { fields: logFields, sees: ['log', 'scope', 'resource', 'otelcol'], enums: logEnums },
};

/** A context by the word that starts a path; `instrumentation_scope` is the older one for `scope`. */
export function contextNamed(word: string): ContextName | undefined {
  if (word === 'instrumentation_scope') return 'scope';
  return Object.hasOwn(contexts, word) ? (word as ContextName) : undefined;
}
