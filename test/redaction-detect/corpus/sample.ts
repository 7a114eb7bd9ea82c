import type { DetectorName } from '../../../src/processors/redaction/detect/detect.ts';

/** A text, and in it what the detector has to find. Nothing: the text is a hard negative. */
export interface Sample {
  readonly text: string;
  readonly found?: string;
  readonly key?: string;
}

export interface Labelled {
  readonly detector: DetectorName;
  readonly positives: readonly Sample[];
  readonly negatives: readonly Sample[];
}

/** A generator of numbers that is the same on every machine (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: () => number, from: ArrayLike<T>): T => from[Math.floor(random() * from.length)] as T;

export const draw = (random: () => number, alphabet: string, length: number): string =>
  Array.from({ length }, () => pick(random, alphabet)).join('');

/** The ways a value stands in prompts: prose of several languages, JSON, code, logs, tables. `%` is its place. */
export const frames = [
  'Please use % for the request.',
  'The user wrote: %',
  '%',
  'Bitte nehmen Sie % und antworten Sie kurz.',
  'Voici la valeur : %, merci.',
  'El valor es % y nada más.',
  '値は%です。',
  '这里是%，谢谢',
  'Значение: %, спасибо',
  '{"role":"user","content":"it is % now"}',
  '{"value": "%"}',
  '{\\"value\\": \\"%\\"}',
  'VALUE=%\n',
  'value: %\nother: 1',
  '<value>%</value>',
  "call('%')",
  'see `%` in the manual',
  '| name | % | 3 |',
  'a;%;b',
  '(%)',
  '2024-05-06 12:30:45 INFO got % from client',
  'line one\n%\nline three',
  'Is it %?',
  '"%".',
] as const;

/** Each value in a frame, in turns; at least forty samples. */
export function inFrames(values: readonly string[], within: readonly string[] = frames): Sample[] {
  const count = Math.max(48, values.length, within.length);
  return Array.from({ length: count }, (_, at) => {
    const found = values[at % values.length] as string;
    return { text: (within[at % within.length] as string).replace('%', () => found), found };
  });
}

export const negatives = (texts: readonly string[]): Sample[] => texts.map((text) => ({ text }));

/** Values that are none, in the same frames as those that are. */
export const negativesInFrames = (values: readonly string[], within: readonly string[] = frames): Sample[] =>
  inFrames(values, within).map(({ text }) => ({ text }));
