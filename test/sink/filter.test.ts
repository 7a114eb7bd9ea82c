import { expect, test } from 'vitest';
import { compileFilter } from '../../src/sink/filter.ts';
import type { StoredRun } from '../../src/sink/tenant.ts';
import { rootRun, startMicros } from './requests.ts';

const fields = rootRun(1, {
  name: 'agent "one"',
  run_type: 'llm',
  tags: ['blue', 'green'],
  outputs: { answer: 'The Answer', usage_metadata: { input_tokens: 10, output_tokens: 5 } },
  extra: { metadata: { user: 'u1', thread_id: 't1', nested: { a: 1 } } },
});
const run: StoredRun = {
  id: fields.id,
  traceId: fields.id,
  tenantId: '',
  dottedOrder: fields.dotted_order,
  parentRunId: '',
  sessionId: '',
  fields,
  attachments: new Map(),
  posted: true,
  startMicros,
  bytes: 0,
  receivedAtMs: 0,
  apiKey: '',
  workspaceId: '',
};

test.each([
  ['eq(run_type, "llm")', true],
  ['eq(name, "agent \\"one\\"")', true],
  ["neq(status, 'success')", false],
  ['and(eq(is_root, true), or(eq(name, "no"), has(tags, "green")))', true],
  ['not(has(tags, "red"))', true],
  ['in(run_type, ["tool", "llm"])', true],
  ['gt(latency, "1s")', true],
  ['gt(latency, "2s")', false],
  ['gte(latency, "1500ms")', true],
  ['lt(start_time, "2020-01-01T00:00:00Z")', false],
  ['gt(total_tokens, 14)', true],
  ['and(eq(metadata_key, "user"), eq(metadata_value, "u1"))', true],
  [`has(metadata, '{"user": "u1"}')`, true],
  [`has(metadata, '{"nested": {"a": 2}}')`, false],
  ['eq(thread_id, "t1")', true],
  ['search("the answer")', true],
  ['eq(error, null)', true],
])('%s is %s', (text, expected) => {
  expect(compileFilter(text)(run)).toBe(expected);
});

test.each([
  '',
  'eq',
  'eq(name',
  'eq(name,)',
  'eq(nothing, 1)',
  'eq("name", "x")',
  'explode(name, 1)',
  'eq(name, "x") y',
  '))',
  'constructor(name, 1)',
  `${'not('.repeat(60)}`,
])('refuses %j', (text) => {
  expect(() => compileFilter(text)).toThrow(expect.objectContaining({ status: 400 }));
});
