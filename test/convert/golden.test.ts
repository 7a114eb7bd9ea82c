/**
 * Each folder of golden/ is one dialect: spans in its words (`in.otlp.json`), log records of theirs where it has some (`logs.otlp.json`), and the runs
 * that they become (`runs.json`). Those named `recorded-…` are what a published package really sent. SPANWAY_WRITE_DOCS=1 writes the runs anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { dialects } from '../../src/exporters/langsmith/convert/dialects/dialects.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { LogRecord } from '../../src/model/batch.ts';
import { decodeLogsJson, decodeTracesJson } from '../../src/otlp/otlp.ts';
import { caller } from './spans.ts';

const golden = join(import.meta.dirname, 'golden');
const names = readdirSync(golden);

/** Every emitter that mapping §3.5 and §17 name. Those without a table of their own speak another one's words. */
const emitters = [
  ...['langsmith-sdk', 'langsmith-attr', 'langsmith-go', 'langsmith-java', 'genai', 'genai-events', 'openinference', 'openllmetry'],
  ...['vercel', 'vercel7', 'pydantic-ai', 'logfire', 'adk', 'strands', 'sk', 'maf', 'autogen', 'openai-agents', 'livekit', 'pipecat'],
  ...['haystack', 'llamaindex', 'dspy', 'smolagents', 'crewai', 'genkit', 'spring-ai', 'langchain4j', 'quarkus', 'claude-code'],
  ...['claude-api', 'codex', 'gemini-cli', 'copilot-cli', 'mastra', 'voltagent', 'n8n', 'litellm', 'openrouter', 'langfuse', 'langwatch'],
  ...['laminar', 'mlflow', 'openlit', 'braintrust', 'dify', 'mcp', 'db-vector', 'http'],
];

function runsOf(name: string): Record<string, unknown>[] {
  const convert = createConverter();
  const logs = logsOf(name);
  const { batch } = decodeTracesJson(readFileSync(join(golden, name, 'in.otlp.json'), 'utf8'), caller);
  return batch.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => runJson(convert(span, scope, resource, caller, logs.get(span.spanId))))),
  );
}

function logsOf(name: string): Map<string, LogRecord[]> {
  const found = new Map<string, LogRecord[]>();
  const path = join(golden, name, 'logs.otlp.json');
  const { resourceLogs } = existsSync(path) ? decodeLogsJson(readFileSync(path, 'utf8'), caller).batch : { resourceLogs: [] };
  for (const { scopeLogs } of resourceLogs)
    for (const { logRecords } of scopeLogs)
      for (const record of logRecords) found.set(record.spanId, [...(found.get(record.spanId) ?? []), record]);
  return found;
}

describe('a dialect', () => {
  it.each(names)('%s becomes the runs that stand beside it', (name) => {
    const path = join(golden, name, 'runs.json');
    const text = `${JSON.stringify(runsOf(name), undefined, 2)}\n`;
    if (process.env.SPANWAY_WRITE_DOCS === '1') writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it('has a folder, whoever is known to speak it', () => {
    expect(emitters.filter((emitter) => !names.includes(emitter))).toEqual([]);
  });

  it('is recognised in one of them, if it has a table', () => {
    const recognised = new Set(
      names.flatMap(runsOf).flatMap((run) => (run.extra as { otel?: { dialects?: string[] } }).otel?.dialects ?? []),
    );
    const recognisable = dialects.filter(({ signs, recognise }) => recognise !== undefined || Object.keys(signs).length > 0);
    expect(recognisable.map(({ id }) => id).filter((id) => !recognised.has(id))).toEqual([]);
  });
});
