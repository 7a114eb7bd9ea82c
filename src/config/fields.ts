/** The vocabulary of settings: every component builds its schema from these, so units, spellings and error texts are the same everywhere. */
import { z } from 'zod';
import { Secret } from '../model/secret.ts';

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** Go's durations, as a regular expression that JSON Schema understands, too. */
export const durationPattern = '^(?:0|(?:\\d+(?:\\.\\d+)?(?:ns|us|µs|μs|ms|s|m|h))+)$';
const durationText = new RegExp(durationPattern);
const durationPart = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g;

/** Go's duration text (`1m30s`, `200ms`) to milliseconds; `undefined` if it is none. */
export function parseDuration(text: string): number | undefined {
  if (!durationText.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(durationPart)) ms += Number(amount) * (unitMs[unit as string] as number);
  return ms;
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};

/** `64MiB`, `1GiB`, `500MB` or a plain number to bytes; `undefined` if it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)?$/.exec(text);
  if (!match) return undefined;
  return Math.floor(Number(match[1]) * (unitBytes[match[2] ?? ''] as number));
}

/** A Go duration as text, or a plain 0, which needs no unit; milliseconds after parsing. */
export const duration = z
  .preprocess((given) => (given === 0 ? '0' : given), z.string({ error: 'expected a duration such as "200ms", "30s" or "1m30s"' }))
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms === undefined)
      context.addIssue({ code: 'custom', message: `time: invalid duration "${text}" (write for example "200ms", "30s" or "1m30s")` });
    return ms ?? 0;
  })
  .meta({ title: 'duration', examples: ['200ms', '30s', '1m30s'] });

/** A number of bytes, or text with a unit; bytes after parsing. */
export const byteSize = z
  .union([z.int().nonnegative(), z.string()], { error: 'expected a number of bytes or a text such as "64MiB"' })
  .transform((given, context) => {
    const size = typeof given === 'number' ? given : parseBytes(given);
    if (size === undefined)
      context.addIssue({ code: 'custom', message: `invalid size "${given}" (write for example 67108864 or "64MiB")` });
    return size ?? 0;
  })
  .meta({ title: 'size', examples: [67108864, '64MiB', '1GiB'] });

/** A text that never prints. */
export const secret = z
  .string()
  .transform((text) => new Secret(text))
  .meta({ title: 'secret' });

/** `host:port`, `:port` or `[v6]:port`. */
export const endpoint = z
  .string({ error: 'expected "host:port"' })
  .regex(/^(?:\[[0-9A-Fa-f:.]+\]|[^:\s[\]]*):\d{1,5}$/, { error: 'expected "host:port", for example "localhost:4318"' })
  .meta({ title: 'endpoint', examples: ['localhost:4318', '0.0.0.0:4317'] });

/** A list of texts; one text is split at commas, as the Collector does. */
export const texts = z
  .union([z.array(z.string()), z.string()], { error: 'expected a list of texts' })
  .transform((given) =>
    typeof given === 'string'
      ? given
          .split(',')
          .map((text) => text.trim())
          .filter((text) => text !== '')
      : given,
  )
  .meta({ title: 'list of texts' });

/** `{name: value}` or a list of `{name, value}`; the values are secrets because headers often are. */
export const headers = z
  .union([z.record(z.string(), z.string()), z.array(z.strictObject({ name: z.string(), value: z.string() }))], {
    error: 'expected a map of header names to values, or a list of {name, value}',
  })
  .transform((given) => {
    const pairs: [string, string][] = Array.isArray(given) ? given.map(({ name, value }) => [name, value]) : Object.entries(given);
    return new Map(pairs.map(([name, value]) => [name.toLowerCase(), new Secret(value)]));
  })
  .meta({ title: 'headers' });

/** Splits `host:port`; an empty host means every address. */
export function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host: host === '' ? '::' : host, port: Number(text.slice(colon + 1)) };
}
