/** Spans that say one thing, and what it becomes. */
import { startNano } from '../spans.ts';
import { type Row, row } from './row.ts';

export const said = { messages: [{ role: 'user', content: 'a' }] };
export const answered = { choices: [{ index: 0, message: { role: 'assistant', content: 'b' } }] };
export const question = '[{"role":"user","content":"a"}]';
export const answer = '[{"role":"assistant","content":"b"}]';
export const kind = (type: string) => ({ 'langsmith.span.kind': type });
export const event = (name: string, attributes: Record<string, string>) => ({
  name,
  timeUnixNano: startNano + 1_000_000n,
  attributes: Object.entries(attributes) as [string, string][],
});

export const inputs = (type: string, expected: unknown, sources: readonly Record<string, unknown>[]): Row[] =>
  sources.map((source) => row(`${type} inputs of ${Object.keys(source).join(' + ')}`, { ...kind(type), ...source }, { inputs: expected }));
export const outputs = (type: string, expected: unknown, sources: readonly Record<string, unknown>[]): Row[] =>
  sources.map((source) =>
    row(`${type} outputs of ${Object.keys(source).join(' + ')}`, { ...kind(type), ...source }, { outputs: expected }),
  );
