/** Recorded requests of real instrumentations: whatever is redacted, the runs keep what they count by and are told apart by. */
import { expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { Traces } from '../../src/model/batch.ts';
import { decodeTraces, decodeTracesJson } from '../../src/otlp/otlp.ts';
import { redaction } from '../../src/processors/redaction/redaction.ts';
import { allCaptures, type Capture } from '../otlp/oracle.ts';
import { caller, processorOf } from '../processors/batches.ts';

const mask = 'mask' as const;
const content = { inputs: mask, outputs: mask, system_prompts: mask, tool_arguments: mask, tool_results: mask, images: mask };
const read = ({ json, body }: Capture): Traces => (json ? decodeTracesJson(body, caller) : decodeTraces(body, caller)).batch;

/** Ids, type, model, provider, usage and the roles of messages of each run. */
function structure({ resourceSpans }: Traces): unknown[] {
  const convert = createConverter();
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => {
        const run = runJson(convert(span, scope, resource, caller)) as { extra?: { metadata?: Record<string, unknown> } } & Record<
          string,
          unknown
        >;
        const { usage_metadata, ls_model_name, ls_provider } = run.extra?.metadata ?? {};
        return {
          id: run.id,
          type: run.run_type,
          usage_metadata,
          ls_model_name,
          ls_provider,
          inputs: roles(run.inputs),
          outputs: roles(run.outputs),
        };
      }),
    ),
  );
}

function roles(value: unknown): unknown {
  const { messages } = (value ?? {}) as { messages?: unknown };
  return Array.isArray(messages) ? messages.map((message) => (message as { role?: unknown } | null)?.role) : undefined;
}

const captures = allCaptures().filter(({ signal }) => signal === 'traces');

it.each([
  ['detectors', { presets: ['pii', 'secrets'] }],
  ['content policies', { content }],
])('%s leave ids, types, models, usage and roles of every recorded run', (_name, settings) => {
  const processor = processorOf(redaction, { allow_all_keys: true, ...settings });
  const changed = captures.filter((capture) => {
    const before = JSON.stringify(structure(read(capture)));
    return JSON.stringify(structure(processor.process(read(capture)) as Traces)) !== before;
  });
  expect(captures.length).toBeGreaterThan(30);
  expect(changed.map(({ name }) => name)).toEqual([]);
});
