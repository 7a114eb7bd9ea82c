/** `spanway why ID`: asks running gateways what became of the spans of a trace. Exit code 1 if none of them knows one. */
import { Fault } from '../model/fault.ts';
import { merged, type SpanReport, type Step, type WhyReport } from '../service/trail/report.ts';

export interface WhyOptions {
  readonly url: readonly string[];
  readonly json: boolean;
}

const defaultUrl = 'http://localhost:13134';
const waitMs = 30_000;

export async function why(id: string, { url, json }: WhyOptions): Promise<void> {
  const token = process.env.SPANWAY_ADMIN_TOKEN ?? '';
  const report = merged(await Promise.all((url.length === 0 ? [defaultUrl] : url).map((one) => ask(one, id, token))));
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report));
  process.exitCode = report.spans.length === 0 ? 1 : 0;
}

async function ask(url: string, id: string, token: string): Promise<WhyReport> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const address = `${url.replace(/\/+$/, '')}/why/${encodeURIComponent(id)}`;
  const response = await fetch(address, { headers, signal: AbortSignal.timeout(waitMs) }).catch((cause: unknown) => {
    throw new Fault('GW_EXPORT_UNAVAILABLE', `cannot ask ${url}: it does not answer`, {
      cause,
      hint: 'is the gateway running, with the "admin" extension? --url names its endpoint',
    });
  });
  if (response.ok) return (await response.json()) as WhyReport;
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  const hint = response.status === 401 ? { hint: 'set SPANWAY_ADMIN_TOKEN to the token of its admin extension' } : {};
  throw new Fault('GW_CONFIG_INVALID', `cannot ask ${url}: ${error ?? `it answers ${response.status}`}`, hint);
}

const fates: Readonly<Record<SpanReport['fate'], string>> = {
  delivered: 'delivered',
  dead_letter: 'DEAD LETTER',
  in_batch: 'in a batch, not delivered yet',
  waiting: 'waiting',
  left_out: 'left out on purpose',
  refused: 'REFUSED: the sender was told so',
  stored: 'in the journal, not assembled yet, or settled so long ago that it is forgotten',
  received: 'received',
  unknown: 'seen',
};

function textOf(report: WhyReport): string {
  const { spans, remembers, degraded } = report;
  const lines: string[] = [];
  const traces = new Map<string, SpanReport[]>();
  for (const span of spans) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
  for (const [traceId, members] of traces) {
    lines.push(`trace ${traceId || 'unknown'}: ${members.length} ${members.length === 1 ? 'span' : 'spans'}`, ...treeOf(members));
  }
  if (spans.length === 0) lines.push(`No span of ${report.query} is known.`, ...unknownHints);
  for (const sentence of degraded) lines.push(`! ${sentence}`);
  const processes = `${remembers.processes} ${remembers.processes === 1 ? 'process' : 'processes'}`;
  lines.push(
    `What was received since ${remembers.since} is remembered (${processes}, ${remembers.rows} of ${remembers.rowsMax} rows); before it, only what the journal holds.`,
  );
  return `${lines.join('\n')}\n`;
}

const unknownHints = [
  '  It never came here, or came too long ago, or came to another replica: name all replicas with --url.',
  '  A request that cannot be decoded, and a span without valid ids, is never known by its trace.',
];

/** Parents before their children; who has none that is known here stands at the left. */
function treeOf(spans: readonly SpanReport[]): string[] {
  const lines: string[] = [];
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const seen = new Set<SpanReport>();
  const below = new Map<string, SpanReport[]>();
  for (const span of spans) below.set(span.parentSpanId, [...(below.get(span.parentSpanId) ?? []), span]);
  const tops = spans.filter(({ spanId, parentSpanId }) => parentSpanId === '' || parentSpanId === spanId || !ids.has(parentSpanId));
  // A cycle has no top.
  for (const top of [...tops, ...spans]) {
    const stack = [{ span: top, depth: 1 }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { span, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      lines.push(...linesOf(span, '  '.repeat(Math.min(depth, depthMax))));
      if (span.spanId !== '') for (const child of below.get(span.spanId) ?? []) stack.push({ span: child, depth: depth + 1 });
    }
  }
  return lines;
}

const depthMax = 32;

function linesOf(span: SpanReport, indent: string): string[] {
  const { spanId, runId, project, steps } = span;
  const run = runId === '' ? '' : `  run ${runId}`;
  const where = project === '' ? '' : `  project ${printable(project)}`;
  return [
    `${indent}span ${spanId || 'unknown'}${run}${where}: ${fateText(span)}`,
    ...steps.map((step) => `${indent}    ${stepText(step)}`),
  ];
}

/** The journal knows when a batch was sealed; when it was delivered, only the process that did it, for as long as it remembers. */
function fateText({ fate, steps }: SpanReport): string {
  const isUndated = fate === 'delivered' && !steps.some(({ event }) => event === 'delivered');
  return isUndated ? 'delivered; when is no longer remembered, but not before it was sealed' : fates[fate];
}

function stepText({ at, event, component, text }: Step): string {
  return `${at}  ${event.replaceAll('_', ' ').padEnd(13)}  ${component}${text === '' ? '' : `  ${printable(text)}`}`;
}

/** A project's name comes from outside: no line ends, no terminal sequences. */
function printable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ');
}
