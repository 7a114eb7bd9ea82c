import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { referenceMarkdown } from '../../src/config/reference-markdown.ts';
import { factories } from './factories.ts';

describe('the reference', () => {
  const text = referenceMarkdown(factories);

  it('lists every key with its type, default and meaning', () => {
    expect(text).toContain('| `protocols.http.endpoint` | endpoint | `localhost:4318` | Where to listen. |');
    expect(text).toContain('| `sending_queue.queue_size` | size | `1GiB` | High-water mark. |');
    expect(text).toContain('| `compression` | zstd \\| gzip \\| none | `zstd` | Encoding of what is sent. |');
    expect(text).toContain('| `actions[].key` | string, required |  |  |');
  });

  it('tells stability, signals and older names of a type', () => {
    expect(text).toContain('The otlp_http exporter. Stability: beta. Signals: traces, logs. Also known as `otlphttp` (deprecated).');
  });

  it('never shows the default of a secret', () => {
    expect(text).toContain('| `api_key` | secret, required |  | Key of the account. |');
  });
});

describe('the JSON Schema', () => {
  const schema = jsonSchema(factories);

  it('takes a type with and without a name, and its older names', () => {
    const exporters = schema.properties!.exporters as { patternProperties: Record<string, { deprecated?: boolean }> };
    const pattern = (name: string) => Object.keys(exporters.patternProperties).filter((one) => new RegExp(one).test(name));
    expect(pattern('otlp_http')).toEqual(['^otlp_http(/.+)?$']);
    expect(pattern('otlp_http/audit')).toEqual(['^otlp_http(/.+)?$']);
    expect(exporters.patternProperties['^otlphttp(/.+)?$']?.deprecated).toBe(true);
  });

  it('lets a reference stand where a number is expected', () => {
    const langsmith = (schema.properties!.exporters as { patternProperties: Record<string, typeof schema> }).patternProperties[
      '^langsmith(/.+)?$'
    ];
    const consumers = langsmith?.anyOf?.[0]?.properties?.sending_queue?.properties?.num_consumers;
    expect(consumers).toMatchObject({ default: 8, anyOf: [{ type: 'integer' }, { type: 'string', pattern: '\\$\\{[^}]+\\}' }] });
  });

  it('is closed, so an editor marks a misspelt section', () => {
    expect(schema.additionalProperties).toBe(false);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  });
});
