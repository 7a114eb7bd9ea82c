import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import { resourceOf, scopeOf } from '../../src/otlp/otlp.ts';
import { caller, entriesOf, run, sent } from './spans.ts';

describe('what no rule uses', () => {
  it('is metadata where it is small and flat, and extra.otel where not', () => {
    const long = 'x'.repeat(1_025);
    expect(
      run({ 'app.tier': 'gold', 'app.list': [1, 2], 'app.map': { a: 1 }, 'app.long': long, 'app.big': { $int: '9007199254740993' } }),
    ).toMatchObject({
      extra: {
        metadata: { 'app.tier': 'gold', 'app.list': [1, 2], 'app.big': '9007199254740993' },
        otel: { attributes: { 'app.map': { a: 1 }, 'app.long': long } },
      },
    });
  });

  it('is kept out of the metadata where it may be private', () => {
    const hidden = { 'http.request.header.cookie': 'c', 'url.full': 'https://e.x/?q=1', 'code.function': 'f', 'thread.name': 'main' };
    expect(run(hidden).extra).toMatchObject({ otel: { attributes: hidden } });
  });

  it('holds the content that a better source beat', () => {
    const kept = run({
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': 'q',
      'input.value': 'raw',
      'openinference.span.kind': 'LLM',
    });
    expect(kept).toMatchObject({
      inputs: { messages: [{ role: 'user', content: 'q' }] },
      extra: { otel: { attributes: { 'input.value': 'raw' } } },
    });
  });

  it('counts a text by its bytes, on the wire and in a resource', () => {
    const long = 'é'.repeat(513);
    const resource = resourceOf([['app.long', long]]);
    const { span, scope } = sent({ name: 'span', attributes: [['app.text', long]] });
    expect(runJson(createConverter()(span, scope, resource, caller))).toMatchObject({
      extra: { otel: { attributes: { 'app.text': long }, resource: { attributes: { 'app.long': long } } } },
    });
  });

  it('says nothing of a value that another one repeats', () => {
    const repeated = run({ user_id: 'u-1', 'user.id': 'u-1', 'langsmith.metadata.user_id': 'u-1' });
    expect(repeated).toMatchObject({ extra: { metadata: { user_id: 'u-1' } } });
    expect(repeated).not.toHaveProperty('extra.otel.overridden');
  });

  it('keeps both values where two have one name', () => {
    const kept = run({ response_id: 'mine', 'gen_ai.response.id': 'theirs', 'langsmith.metadata.response_id': 'last' });
    expect(kept).toMatchObject({ extra: { metadata: { response_id: 'last' } } });
    expect(JSON.stringify(kept)).toContain('mine');
    expect(JSON.stringify(kept)).toContain('theirs');
  });

  it('keeps what the sender called usage_metadata beside the usage that the run has', () => {
    const kept = run({ 'langsmith.metadata.usage_metadata': 'no counts', 'langsmith.span.kind': 'llm', 'gen_ai.usage.input_tokens': 3 });
    expect(kept).toMatchObject({
      extra: { metadata: { usage_metadata: { input_tokens: 3 } }, otel: { overridden: { usage_metadata: ['no counts'] } } },
    });
  });

  it.each([
    ['two names of one fact', { 'langsmith.metadata.ls_provider': 'one', ls_provider: 'other' }],
    ['a thread in two places', { 'langsmith.metadata.conversation_id': 'one', conversation_id: 'other' }],
    ["a tool's schema in two places", { 'tool.json_schema': 'one', 'spring.ai.tool.definition.schema': 'other', 'tool.name': 't' }],
    ['a document and what stands beside it', { 'retrieval.documents.0.document.content': 'one', 'retrieval.documents.0.role': 'other' }],
  ])('loses neither value: %s', (_, attributes) => {
    const kept = JSON.stringify(run(attributes));
    expect(kept).toContain('one');
    expect(kept).toContain('other');
  });

  it('takes a key like __proto__ as any other', () => {
    const { extra } = run({ ['__proto__']: 'p', 'langsmith.metadata.__proto__': 'q' }) as { extra: object };
    expect(JSON.stringify(extra)).toContain('"__proto__":"q"');
    expect(({} as Record<string, unknown>).p).toBeUndefined();
  });
});

describe('resource, scope and span', () => {
  it('leave their facts in metadata, runtime and extra.otel', () => {
    const resource = { 'service.name': 'api', 'telemetry.sdk.name': 'opentelemetry', 'process.runtime.name': 'nodejs', tree: { a: 1 } };
    const {
      span,
      scope,
      resource: sentResource,
    } = sent(
      {
        name: 'GET /',
        kind: 2,
        traceState: 'ls=1',
        flags: 0x301,
        droppedAttributesCount: 3,
        links: [{ traceId: `${'0'.repeat(31)}1`, spanId: `${'0'.repeat(15)}2`, attributes: [['why', 'batch']] }],
        attributes: entriesOf({ 'service.name': 'other' }),
      },
      scopeOf('my.lib', '1.2', [['s', 1n]]),
      resourceOf(entriesOf(resource)),
    );
    expect(runJson(createConverter()(span, scope, sentResource, caller))).toMatchObject({
      extra: {
        metadata: {
          'service.name': 'other',
          otel_scope_name: 'my.lib',
          otel_scope_version: '1.2',
          otel_span_kind: 'SERVER',
          otel_truncated: true,
          otel_links: [`${'0'.repeat(31)}1:${'0'.repeat(15)}2`],
        },
        runtime: { sdk: 'opentelemetry', runtime: 'nodejs', library: 'my.lib', library_version: '1.2' },
        otel: {
          kind: 'SERVER',
          trace_state: 'ls=1',
          trace_state_ls: '1',
          flags: 0x301,
          dropped: { attributes: 3 },
          links: [{ attributes: { why: 'batch' } }],
          scope: { name: 'my.lib', version: '1.2', attributes: { s: 1 } },
          resource: { attributes: resource },
          start_time_unix_nano: '1767225600000000000',
        },
      },
    });
  });
});
