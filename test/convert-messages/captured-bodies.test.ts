import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/exporters/langsmith/convert/json.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import { choicesOf, messagesOf } from '../../src/exporters/langsmith/convert/messages/messages.ts';
import type { Shape } from '../../src/exporters/langsmith/convert/messages/shape.ts';

/** A body that a published instrumentation put into an attribute, and what it must become; null where it is no conversation. */
interface Captured {
  readonly from: string;
  readonly key: string;
  readonly side: 'in' | 'out';
  readonly shape?: Shape;
  readonly body: Json;
  readonly expected: unknown;
}

const captured = readFileSync(new URL('golden/captured-bodies.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Captured);

describe('bodies of real instrumentations', () => {
  it.each(captured.map((body) => [body.from, body.key, body] as const))('%s %s', (_, __, { side, shape, body, expected }) => {
    const found = side === 'in' ? messagesOf(body, shape) : choicesOf(body, shape);
    expect(found === undefined ? null : JSON.parse(jsonText(found))).toEqual(expected);
  });
});
