/**
 * `gen_ai_normalizer`: gives the attributes of spans that OpenInference and OpenLLMetry make, or another instrumentation that the settings describe,
 * the names, values and types of OpenTelemetry's GenAI conventions. For backends that know only these: the `langsmith` exporter reads all dialects itself.
 */
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import { schemaUrl } from './conventions.ts';
import { type Settings, schema } from './schema.ts';
import { compileSource } from './source.ts';

export const genAiNormalizer = {
  kind: 'processor',
  type: 'gen_ai_normalizer',
  aliases: [],
  summary: "Renames attributes of LLM instrumentations to OpenTelemetry's `gen_ai.*`, for backends that know only these.",
  signals: ['traces'],
  stability: 'alpha',
  schema,
  create: (config: unknown, _deps: PipelineDeps): Processor => {
    const { sources, overwrite_schema_url } = config as Settings;
    const normalizers = sources.map(compileSource);
    return {
      drops: 'none',
      mutates: true,
      process: (batch) => {
        if (batch.signal !== 'traces') return batch;
        for (const { scopeSpans } of batch.resourceSpans) {
          for (const { scope, spans } of scopeSpans) {
            let wrote = false;
            for (const { attributes } of spans) for (const normalize of normalizers) wrote = normalize(attributes) || wrote;
            if (wrote && (overwrite_schema_url || scope.schemaUrl === '')) scope.schemaUrl = schemaUrl;
          }
        }
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;
