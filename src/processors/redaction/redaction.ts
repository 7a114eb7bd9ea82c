/**
 * `redaction`: deletes attributes whose keys are not allowed and masks values that must not be seen. Read this file first. With the Collector's settings
 * it is the Collector's processor, which stands here; with any other, `deep/` looks everywhere, and `detect/` knows what secrets look like.
 */
import type { Batch } from '../../model/batch.ts';
import type { PipelineDeps, Processor, ProcessorFactory } from '../../model/component.ts';
import type { Attributes } from '../../model/value.ts';
import { seal } from '../../otlp/otlp.ts';
import { deepRedaction } from './deep/deep.ts';
import { createRules, newTally, redactAttributes } from './redact.ts';
import { redactBody } from './redact-body.ts';
import { isDeep, type Settings, schema } from './schema.ts';
import { summarise } from './summary.ts';

export const redaction = {
  kind: 'processor',
  type: 'redaction',
  aliases: [],
  summary:
    'Deletes attributes that are not allowed and masks blocked keys and values, in resources, scopes, spans, events and log records.',
  signals: ['traces', 'logs'],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: PipelineDeps): Processor => {
    const settings = config as Settings;
    if (isDeep(settings)) return deepRedaction(settings, deps);
    const rules = createRules(settings);
    const redact = (attributes: Attributes): void => {
      summarise(attributes, redactAttributes(attributes, rules, settings.redact_all_types), settings.summary, 'redaction');
    };
    return {
      drops: 'none',
      mutates: true,
      process: (batch) => {
        seal(batch);
        for (const attributes of attributesIn(batch)) redact(attributes);
        if (batch.signal === 'traces') return batch;
        for (const { scopeLogs } of batch.resourceLogs) {
          for (const { logRecords } of scopeLogs) {
            for (const record of logRecords) {
              const tally = newTally();
              record.body = redactBody(record.body, rules, tally);
              summarise(record.attributes, tally, settings.summary, 'redaction.body');
            }
          }
        }
        return batch;
      },
    };
  },
} as const satisfies ProcessorFactory;

function* attributesIn(batch: Batch): Iterable<Attributes> {
  if (batch.signal === 'traces') {
    for (const { resource, scopeSpans } of batch.resourceSpans) {
      yield resource.attributes;
      for (const { scope, spans } of scopeSpans) {
        yield scope.attributes;
        for (const span of spans) {
          yield span.attributes;
          for (const event of span.events) yield event.attributes;
        }
      }
    }
  } else {
    for (const { resource, scopeLogs } of batch.resourceLogs) {
      yield resource.attributes;
      for (const { scope, logRecords } of scopeLogs) {
        yield scope.attributes;
        for (const record of logRecords) yield record.attributes;
      }
    }
  }
}
