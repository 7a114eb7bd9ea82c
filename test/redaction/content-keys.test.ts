/** The table of content keys against the converter's dialects: what becomes inputs or outputs of a run falls under a content policy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/exporters/langsmith/convert/dialects/dialects.ts';
import { attributesOf } from '../../src/otlp/otlp.ts';
import { contentOf } from '../../src/processors/redaction/deep/content.ts';
import { contentEvents, contentFamilies, eventKeys } from '../../src/processors/redaction/deep/content-keys.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { processorOf, spansOf, traces } from '../processors/batches.ts';

const folder = join(import.meta.dirname, '../../src/exporters/langsmith/convert');
const none = attributesOf({});
const contentKeysOf = new Set(dialects.flatMap(({ contents = [] }) => contents.flatMap(({ key }) => key ?? [])));

/** Files whose attributes are no content: ids, names, numbers, states. Every other file is asked, so that a new reader cannot be forgotten. */
const readsNoContent =
  /^(?:cost|feedback|first-token|identity|json-usage|model|name|parameters|run|run-type|scores|status|tags|thread|usage-of-run|vercel-usage)\.ts$/;

/** Functions that read several attributes or events: their names for attributes stand in the files that they come from. */
const readers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !readsNoContent.test(file))
  .map((file) => readFileSync(join(folder, file), 'utf8'));
const slots = new Set(
  readers.flatMap((text) => [...text.matchAll(/(?:slot|members)\((?:reader, )?'([^']+)'\)/g)].map(([, key]) => key as string)),
);
const families = new Set(readers.flatMap((text) => [...text.matchAll(/family\('([^']+)', true\)/g)].map(([, prefix]) => prefix as string)));

/** Numbers and names that those functions read beside texts. */
const noContent = new Set([
  'gen_ai.embeddings.dimension.count',
  'gen_ai.response.id',
  'reranker.top_k',
  'embedding.vector',
  'skill_name',
  'subagent_type',
  'gen_ai.framework',
  'metadata',
  'langsmith.metadata',
  'dify.metadata',
  'braintrust.span_attributes',
  'agent_id',
  'gen_ai.agent.version',
  'gen_ai.operation.name',
  'gen_ai.system',
  'langsmith.span.kind',
  'operation.name',
  'operation_type',
  'query_source',
  'dify.span.status',
  'dify.span.type',
  // What went wrong is no content, and the detectors look at it.
  'error.message',
]);

describe('content keys', () => {
  it.each([...contentKeysOf])('%s, which a dialect reads as content, is content', (key) => {
    expect(contentOf(key, '', none)).toBeTypeOf('string');
  });

  it.each([...slots].filter((key) => !noContent.has(key)))('%s, which a function of a dialect reads, is content', (key) => {
    expect(contentOf(key, '', none)).toBeTypeOf('string');
  });

  it.each([...families])('%s*, which is spread over attributes, is content', (prefix) => {
    expect(contentFamilies.map(([known]) => known)).toContain(prefix);
  });

  const renamed = dialects.flatMap(({ events = {} }) =>
    Object.entries(events).flatMap(([event, names]) => Object.entries(names).map(([from, to]) => [event, from, to] as const)),
  );
  it.each(renamed.filter(([, , to]) => contentOf(to, '', none) !== undefined))('%s: %s, which counts as %s, is content', (event, from) => {
    expect(contentEvents.has(event)).toBe(true);
    expect(contentOf(from, event, none)).toBeTypeOf('string');
  });

  const eventNames = new Set(
    readers.flatMap((text) =>
      [
        ...text.matchAll(/'(gen_ai\.(?:system|developer|user|assistant|tool)\.message|gen_ai\.choice|gen_ai\.content\.\w+|tool\.output)'/g),
      ].map(([, name]) => name as string),
    ),
  );
  it.each([...eventNames])('the event %s, which the converter reads as a message, is one here', (name) => {
    expect(contentEvents.has(name)).toBe(true);
    for (const key of ['content', 'message', 'parts']) expect(eventKeys.has(key)).toBe(true);
  });

  it('files that are attached to a run fall under the policy of images', () => {
    const file = JSON.stringify([{ name: 'passport', mime_type: 'image/png', content: 'aGVsbG8=' }]);
    const processor = processorOf(redaction, { allow_all_keys: true, content: { images: 'drop' } });
    const [span] = spansOf(processor.process(traces([{ attributes: { 'langsmith.attachments': file, plan: 'pro' } }])));
    expect(Object.fromEntries(span?.attributes ?? [])).not.toHaveProperty(['langsmith.attachments']);
    expect(span?.attributes.get('plan')).toBe('pro');
  });
});
