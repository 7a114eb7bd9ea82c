/** Expectations against what came, and the differences as lines for people. */
import { z } from 'zod';
import { Fault } from '../../model/fault.ts';
import { canonicalOtlp, type Otlp } from './canonical-otlp.ts';
import { type Difference, differences } from './differences.ts';
import { matchRuns, type RunFinding } from './match-runs.ts';
import type { Collected, Json } from './trial.ts';

type AllCollected = ReadonlyMap<string, Collected>;

const linesMax = 60;
const textMax = 300;

const runs = z.array(z.record(z.string(), z.unknown()));
const runsExpectation = z.union([runs, z.record(z.string(), runs)]);
const otlp = z.strictObject({ resourceSpans: z.array(z.unknown()).optional(), resourceLogs: z.array(z.unknown()).optional() });
const otlpExpectation = z.union([otlp, z.record(z.string(), otlp)]);

export function compareRuns(given: unknown, collected: AllCollected): readonly string[] {
  const expected = checked(runsExpectation, given, 'out.runs.json', 'a list of runs, or an object from exporter ids to lists of runs');
  const lines: string[] = [];
  if (Array.isArray(expected)) {
    const all = [...collected.values()].flatMap((one) => one.runs ?? []);
    lines.push(...matchRuns(expected, all).flatMap((finding) => runLines('', finding)));
  } else {
    for (const [exporter, wanted] of Object.entries(expected)) {
      const received = collected.get(exporter)?.runs;
      if (!received) lines.push(`${exporter}: there is no langsmith exporter of that name`);
      else lines.push(...matchRuns(wanted, received).flatMap((finding) => runLines(`${exporter}: `, finding)));
    }
  }
  return shortened(lines);
}

export function compareOtlp(given: unknown, collected: AllCollected): readonly string[] {
  const expected = checked(otlpExpectation, given, 'out.otlp.json', 'OTLP, or an object from exporter ids to OTLP');
  const [only] = collected.keys();
  const isKeyed = !('resourceSpans' in expected || 'resourceLogs' in expected) && Object.keys(expected).length > 0;
  if (!isKeyed && collected.size !== 1)
    throw new Fault('GW_CONFIG_INVALID', `cannot compare with out.otlp.json: there are ${collected.size} exporters`, {
      hint: 'write an object from exporter ids to what is expected there',
    });
  const pairs = isKeyed ? Object.entries(expected as Record<string, Otlp>) : [[only as string, expected as Otlp] as const];
  const lines: string[] = [];
  for (const [exporter, wanted] of pairs) {
    const received = collected.get(exporter);
    if (!received) lines.push(`${exporter}: there is no exporter of that name`);
    else
      for (const one of differences(canonicalOtlp(wanted), canonicalOtlp(received), 'exact'))
        lines.push(...differenceLines(`${exporter}: `, one));
  }
  return shortened(lines);
}

/** A list where only one exporter makes runs, else an object by exporter. */
export function runsText(collected: AllCollected): string {
  const lists = [...collected].flatMap(([id, one]): [string, readonly Json[]][] => (one.runs ? [[id, one.runs]] : []));
  return text(lists.length === 1 ? lists[0]?.[1] : Object.fromEntries(lists));
}

export function otlpText(collected: AllCollected): string {
  const all = [...collected].map(([id, { resourceSpans, resourceLogs }]) => {
    const spans = resourceSpans.length > 0 || resourceLogs.length === 0 ? { resourceSpans } : {};
    return [id, { ...spans, ...(resourceLogs.length > 0 ? { resourceLogs } : {}) }] as const;
  });
  return text(all.length === 1 ? all[0]?.[1] : Object.fromEntries(all));
}

function text(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function checked<Schema extends z.ZodType>(schema: Schema, given: unknown, name: string, shape: string): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new Fault('GW_CONFIG_INVALID', `cannot read ${name}: it is not ${shape}`);
  return parsed.data;
}

function runLines(prefix: string, { run, kind, differences: found }: RunFinding): string[] {
  const named = `${prefix}run ${JSON.stringify(run)}`;
  switch (kind) {
    case 'missing':
      return [`${named} did not come`];
    case 'unexpected':
      return [`${named} was not expected`];
    case 'differs':
      return found.flatMap((one) => differenceLines(`${named}: `, one));
  }
}

function differenceLines(prefix: string, { path, expected, received }: Difference): string[] {
  return [`${prefix}${path}`, `  expected  ${shown(expected)}`, `  received  ${shown(received)}`];
}

function shown(value: unknown): string {
  const full = value === undefined ? '(nothing)' : JSON.stringify(value);
  return full.length > textMax ? `${full.slice(0, textMax)}… (${full.length} characters)` : full;
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= linesMax ? lines : [...lines.slice(0, linesMax), `… and ${lines.length - linesMax} lines more`];
}
