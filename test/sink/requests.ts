/** Bodies as an uploader would make them, and every way to make them wrong. */
import { dottedSegment, isoText } from '../../src/model/time.ts';

export interface TestPart {
  readonly name: string;
  readonly content: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export const boundary = 'test-boundary';
export const multipartType = `multipart/form-data; boundary=${boundary}`;
export const startMicros = 1_790_000_000_000_000;

export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export interface TestRun {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly trace_id: string;
  readonly dotted_order: string;
}

export function rootRun(number: number, more: Record<string, unknown> = {}): TestRun {
  const id = uuid(number);
  return {
    id,
    trace_id: id,
    dotted_order: dottedSegment(startMicros, id),
    name: `run ${number}`,
    run_type: 'chain',
    start_time: isoText(startMicros),
    end_time: isoText(startMicros + 1_500_000),
    session_name: 'conformance',
    ...more,
  };
}

export function childRun(number: number, parent: TestRun, more: Record<string, unknown> = {}): TestRun {
  const id = uuid(number);
  const micros = startMicros + number;
  return {
    ...rootRun(number),
    trace_id: parent.trace_id,
    parent_run_id: parent.id,
    dotted_order: `${parent.dotted_order}.${dottedSegment(micros, id)}`,
    start_time: isoText(micros),
    ...more,
  };
}

const outOfBand = ['inputs', 'outputs', 'events', 'extra', 'error', 'serialized'];

/** The parts of a run as the official SDKs send them. */
export function partsOf(run: TestRun, operation: 'post' | 'patch' = 'post'): TestPart[] {
  const main = Object.fromEntries(Object.entries(run).filter(([name]) => !outOfBand.includes(name)));
  const parts = [{ name: `${operation}.${run.id}`, content: JSON.stringify(main) }];
  for (const name of outOfBand)
    if (run[name] !== undefined) parts.push({ name: `${operation}.${run.id}.${name}`, content: JSON.stringify(run[name]) });
  return parts;
}

/** By default a part has `Content-Type: application/json` and a true `Content-Length`; its own headers replace these two. */
export function multipartBody(parts: readonly TestPart[]): Buffer {
  const pieces: Buffer[] = [];
  for (const { name, content, headers } of parts) {
    const bytes = Buffer.from(content);
    const own = headers ?? { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length) };
    const lines = Object.entries({ 'Content-Disposition': `form-data; name="${name}"`, ...own }).map(
      ([header, value]) => `${header}: ${value}\r\n`,
    );
    pieces.push(Buffer.from(`--${boundary}\r\n${lines.join('')}\r\n`), bytes, Buffer.from('\r\n'));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export async function send(url: string, body: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/runs/multipart`, { method: 'POST', headers: { 'content-type': multipartType, ...headers }, body });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

export function sendRuns(url: string, runs: readonly TestRun[], headers?: Record<string, string>): Promise<Answer> {
  return send(url, multipartBody(runs.flatMap((run) => partsOf(run))), headers);
}

export async function sendJson(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}
