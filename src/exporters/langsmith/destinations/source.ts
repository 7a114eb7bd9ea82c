/**
 * Where a setting's value is read from: `metadata.<header>`, `auth.<attribute>`, `resource.<attribute>`, `span.<attribute>`, or a text with such names
 * in braces: `{metadata.x-tenant}-{resource.service.name}`. Braces without a dollar, because `${…}` is the configuration's own.
 */
import type { Caller, Resource, Span } from '../../../model/batch.ts';
import type { Attributes } from '../../../model/value.ts';

const scopes = ['metadata', 'auth', 'resource', 'span'] as const;
type Scope = (typeof scopes)[number];

interface Name {
  readonly scope: Scope;
  readonly key: string;
}

/** Texts, and the names between them. */
type Part = string | Name;

const oneName = /^(metadata|auth|resource|span)\.(.+)$/;

/** A span or a log record: what it says of itself is read by `span.<attribute>`. */
export type Attributed = Pick<Span, 'attributes'>;

export interface Source {
  /** Whether one request has one value for all its spans. */
  readonly perRequest: boolean;
  /** '' if any of the names has no value. */
  read(span: Attributed, resource: Resource, caller: Caller): string;
}

/** The reason why it is none, as text. */
export function parseSource(text: string): Source | string {
  const parts: Part[] = [];
  const pieces = /[{}]/.test(text) ? text.split(/[{}]/) : ['', text, ''];
  if (pieces.length % 2 === 0) return 'a brace is not closed';
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 0) {
      if (piece !== '') parts.push(piece);
      continue;
    }
    const [, scope, key] = oneName.exec(piece) ?? [];
    if (scope === undefined || key === undefined)
      return `"${piece}" names nothing: write for example metadata.x-project, resource.service.name or span.team`;
    parts.push({ scope: scope as Scope, key: scope === 'metadata' ? key.toLowerCase() : key });
  }
  const perRequest = parts.every((part) => typeof part === 'string' || part.scope === 'metadata' || part.scope === 'auth');
  return { perRequest, read: (span, resource, caller) => textOf(parts, span, resource, caller) };
}

function textOf(parts: readonly Part[], span: Attributed, resource: Resource, caller: Caller): string {
  let text = '';
  for (const part of parts) {
    const value = typeof part === 'string' ? part : read(part, span, resource, caller);
    if (value === '') return '';
    text += value;
  }
  return text;
}

function read({ scope, key }: Name, span: Attributed, resource: Resource, caller: Caller): string {
  switch (scope) {
    case 'metadata':
      return caller.metadata.get(key)?.[0]?.trim() ?? '';
    case 'auth':
      return caller.auth?.get(key)?.trim() ?? '';
    case 'resource':
      return attributeOf(resource.attributes, key);
    case 'span':
      return attributeOf(span.attributes, key);
  }
}

function attributeOf(attributes: Attributes, key: string): string {
  const value = attributes.get(key);
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : '';
}
