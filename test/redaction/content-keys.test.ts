/** The table of content keys against the converter's dialects: what becomes inputs or outputs of a run falls under a content policy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/exporters/langsmith/convert/dialects/dialects.ts';
import { attributesOf } from '../../src/otlp/otlp.ts';
import { contentOf } from '../../src/processors/redaction/deep/content.ts';
import { contentEvents, contentFamilies, eventKeys } from '../../src/processors/redaction/deep/content-keys.ts';

const folder = join(import.meta.dirname, '../../src/exporters/langsmith/convert');
const none = attributesOf({});
const contentKeysOf = new Set(dialects.flatMap(({ contents = [] }) => contents.flatMap(({ key }) => key ?? [])));

/** Functions that read several attributes or events: their names for attributes stand in the files that they come from. */
const readers = readdirSync(folder)
  .filter((file) =>
    /^(?:answer|reasoning|.*-messages|message-occurrences|.*-answer|langwatch-value|livekit-inputs|embedding|documents|claude-code-tool|spring-lines|dify.*)\.ts$/.test(
      file,
    ),
  )
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
});
