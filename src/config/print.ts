import { stringify } from 'yaml';
import type { Signal } from '../model/batch.ts';
import type { Loaded } from './load.ts';
import { type AnyFactory, kindOfSection, sections } from './service-config.ts';

type Good = Extract<Loaded, { ok: true }>;

/** The configuration as merged and expanded. Secrets are redacted, always. */
export function printConfig({ resolved }: Pick<Good, 'resolved'>, { format }: { readonly format: 'yaml' | 'json' }): string {
  return format === 'json' ? `${JSON.stringify(resolved, undefined, 2)}\n` : yamlText(resolved);
}

/** What this build can run, in the shape of the Collector's `components` command. */
export function componentsYaml(factories: readonly AnyFactory[], version: string): string {
  const bySection = sections.map((section) => {
    const known = factories.filter(({ kind }) => kind === kindOfSection[section]);
    return [section, known.map((factory) => description(factory, version))] as const;
  });
  return yamlText({
    buildinfo: { command: 'spanway', description: 'Gateway from OpenTelemetry to LangSmith', version },
    ...Object.fromEntries(bySection),
    providers: ['env', 'file', 'yaml'].map((scheme) => ({ scheme })),
    converters: [],
  });
}

function description({ kind, type, aliases, signals, stability }: AnyFactory, version: string): object {
  const level = `${stability.charAt(0).toUpperCase()}${stability.slice(1)}`;
  const name = (signal: Signal): string => (kind === 'connector' ? `${signal}-to-${signal}` : signal);
  return {
    name: type,
    ...(aliases.length === 0 ? {} : { deprecated_aliases: [...aliases] }),
    module: `spanway ${version}`,
    stability: kind === 'extension' ? { extension: level } : Object.fromEntries(signals.map((signal) => [name(signal), level])),
  };
}

function yamlText(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}
