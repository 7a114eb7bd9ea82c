/** A strict reader of our multipart bodies, by the rules of langsmith-ingest §2 and §9; it throws at the first breach. */
const jsonParts = new Set(['inputs', 'outputs', 'events', 'extra', 'error', 'serialized']);

export interface ParsedRun {
  /** `patch`: what changes in a run that was posted before. */
  readonly kind: 'post' | 'patch';
  readonly id: string;
  readonly fields: Record<string, unknown>;
  readonly attachments: Map<string, { readonly contentType: string; readonly content: Buffer }>;
  readonly feedback: Record<string, unknown>[];
}

interface Part {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export function readParts(given: Uint8Array, boundary: string): Part[] {
  const body = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const parts: Part[] = [];
  let at = 0;
  const expectText = (text: string): void => {
    if (body.toString('latin1', at, at + text.length) !== text) throw new Error(`expected "${text}" at ${at}`);
    at += text.length;
  };
  for (;;) {
    expectText(`--${boundary}`);
    if (body.toString('latin1', at, at + 2) === '--') {
      expectText('--\r\n');
      if (at !== body.length) throw new Error('there is something behind the end');
      return parts;
    }
    expectText('\r\n');
    const headersEnd = body.indexOf('\r\n\r\n', at);
    const lines = body.toString('utf8', at, headersEnd).split('\r\n');
    const match = /^Content-Disposition: form-data; name="([^"\r\n]+)"\nContent-Type: ([^\n]+)\nContent-Length: (\d+)$/.exec(
      lines.join('\n'),
    );
    if (!match) throw new Error(`bad headers ${JSON.stringify(lines)}`);
    const length = Number(match[3]);
    at = headersEnd + 4;
    parts.push({ name: match[1] as string, contentType: match[2] as string, content: body.subarray(at, at + length) });
    at += length;
    expectText('\r\n');
  }
}

export function parseRuns(body: Uint8Array, boundary: string): ParsedRun[] {
  const runs = new Map<string, ParsedRun>();
  const of = (kind: string, id: string): string => (kind === 'patch' ? `patch ${id}` : id);
  for (const { name, contentType, content } of readParts(body, boundary)) {
    const [kind, id = '', field, ...more] = name.split('.');
    if (more.length > 0) throw new Error(`name with too many dots: ${name}`);
    const run = runs.get(of(kind ?? '', id)) ?? (kind === 'attachment' ? runs.get(of('patch', id)) : undefined);
    if (kind === 'feedback') {
      const feedback = JSON.parse(content.toString()) as Record<string, unknown>;
      const about = feedback.run_id as string;
      (runs.get(about) ?? runs.get(of('patch', about)))?.feedback.push(feedback);
    } else if (kind === 'attachment') {
      if (!run || field === undefined) throw new Error(`attachment without a run: ${name}`);
      run.attachments.set(field, { contentType, content: Buffer.from(content) });
    } else if ((kind === 'post' || kind === 'patch') && field === undefined) {
      if (run) throw new Error(`run twice: ${id}`);
      const fields = JSON.parse(content.toString()) as Record<string, unknown>;
      checkMain(id, fields, kind);
      runs.set(of(kind, id), { kind, id, fields, attachments: new Map(), feedback: [] });
    } else if ((kind === 'post' || kind === 'patch') && run && field !== undefined && jsonParts.has(field)) {
      if (contentType !== 'application/json') throw new Error(`${name} is ${contentType}`);
      run.fields[field] = JSON.parse(content.toString());
    } else throw new Error(`unexpected part ${name}`);
  }
  return [...runs.values()];
}

const segmentText = /^\d{8}T\d{12}Z[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checkMain(id: string, main: Record<string, unknown>, kind: 'post' | 'patch'): void {
  const segments = (main.dotted_order as string).split('.');
  const rule = (holds: boolean, name: string): void => {
    if (!holds) throw new Error(`${name}: ${JSON.stringify(main)}`);
  };
  rule(main.id === id, 'id is that of the part');
  rule(
    segments.every((segment) => segmentText.test(segment)),
    'segments have their form',
  );
  rule(segments.at(-1)?.slice(-36) === id, 'the last segment is the run');
  rule(segments[0]?.slice(-36) === main.trace_id, 'the first segment is the trace');
  rule(
    segments.length > 1 ? segments.at(-2)?.slice(-36) === main.parent_run_id : !('parent_run_id' in main),
    'the one before is the parent',
  );
  rule(
    segments.every((segment, index) => index === 0 || segment.slice(0, 22) >= (segments[index - 1] as string).slice(0, 22)),
    'times do not go back',
  );
  if (kind === 'post') checkStart(main, segments, rule);
  rule(
    Object.values(main).every((value) => value !== null),
    'no nulls',
  );
  rule(!['inputs', 'outputs', 'events', 'extra', 'error'].some((field) => field in main), 'large fields have their own parts');
}

function checkStart(main: Record<string, unknown>, segments: readonly string[], rule: (holds: boolean, name: string) => void): void {
  rule((main.start_time as string).replace(/[-:.]/g, '') === segments.at(-1)?.slice(0, -36), 'start_time is in the last segment');
  rule('session_name' in main !== 'session_id' in main, 'one session');
}
