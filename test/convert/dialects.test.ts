import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/exporters/langsmith/convert/dialects/dialects.ts';
import { run } from './spans.ts';

function dialectsOf(attributes: Record<string, unknown>, scope = ''): unknown {
  return (run(attributes, {}, scope) as { extra: { otel: { dialects?: unknown } } }).extra.otel.dialects ?? [];
}

describe('dialects', () => {
  it('have names of their own', () => {
    expect(new Set(dialects.map(({ id }) => id)).size).toBe(dialects.length);
  });

  it.each([
    ['langsmith-sdk', {}, 'langsmith'],
    ['langsmith-attr', { 'langsmith.span.kind': 'llm' }, ''],
    ['genai', { 'gen_ai.operation.name': 'chat' }, ''],
    ['openllmetry', { 'gen_ai.prompt.0.role': 'user' }, ''],
    ['openllmetry', {}, 'opentelemetry.instrumentation.openai'],
    ['openinference', { 'llm.input_messages.3.message.role': 'user' }, ''],
    ['vercel', {}, 'ai'],
    ['vercel7', {}, '@ai-sdk/otel'],
  ])('%s is known by %j and scope "%s"', (id, attributes, scope) => {
    expect(dialectsOf(attributes, scope)).toContain(id);
  });

  it('are none on an ordinary span', () => {
    expect(dialectsOf({ 'http.request.method': 'GET' })).toEqual([]);
  });
});

describe('the kind of a run', () => {
  it.each([
    [{ 'langsmith.span.kind': 'PARSER', 'gen_ai.operation.name': 'chat' }, 'parser'],
    [{ 'langsmith.span.kind': 'nonsense', 'gen_ai.operation.name': 'chat' }, 'llm'],
    [{ 'gen_ai.operation.name': 'nonsense', 'openinference.span.kind': 'TOOL' }, 'tool'],
    [{ 'gen_ai.operation.name': 'rerank' }, 'retriever'],
    [{ 'gen_ai.operation.name': 'aembedding' }, 'embedding'],
    [{ 'openinference.span.kind': 'RERANKER' }, 'retriever'],
    [{ 'openinference.span.kind': 'UNKNOWN', 'llm.request.type': 'chat' }, 'llm'],
    [{ 'traceloop.span.kind': 'workflow' }, 'chain'],
    [{ 'ai.operationId': 'ai.generateObject.doGenerate' }, 'llm'],
    [{ 'operation.name': 'ai.toolCall my-fn' }, 'tool'],
    [{ 'ai.operationId': 'ai.embed', 'ai.embedding': '[1]' }, 'embedding'],
    [{ 'ai.operationId': 'ai.embed' }, 'chain'],
    [{ 'gen_ai.tool.name': 'search' }, 'tool'],
    [{ 'gen_ai.tool.name': 'search', 'gen_ai.input.messages': '[]', 'gen_ai.request.model': 'm' }, 'llm'],
    [{ 'retrieval.documents.0.document.content': 'c' }, 'retriever'],
    [{ 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3 }, 'llm'],
    [{ 'llm.prompt_template.variables': '{}' }, 'chain'],
    [{}, 'chain'],
  ])('of %j is %s', (attributes, runType) => {
    expect(run(attributes)).toMatchObject({ run_type: runType });
  });
});
