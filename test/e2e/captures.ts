/** The recorded traffic of real clients: bodies, headers, and the runs that a person expects. */
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';
import { join } from 'node:path';

const folder = new URL('../../../shared/captures/', import.meta.url).pathname;

export interface CapturedRequest {
  readonly file: string;
  readonly signal: 'traces' | 'logs' | 'metrics';
  readonly transport: 'http' | 'grpc';
  readonly path: string;
  readonly raw_headers: readonly (readonly [string, string])[];
  readonly responded_status: number;
}

export interface CapturedSpan {
  readonly span_id: string;
  readonly trace_id: string;
  readonly name: string;
  readonly parent_span_id: string | null;
  readonly run_type: string;
  readonly run_type_also_ok?: readonly string[];
  readonly not_a_run?: string;
}

export interface Capture {
  readonly name: string;
  readonly dialect: string;
  readonly expect: { readonly runs: number };
  readonly spans: readonly CapturedSpan[];
  readonly requests: readonly CapturedRequest[];
}

export const captureNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'index.json')
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

export function readCapture(name: string): Capture {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Capture;
}

const connectionHeaders = new Set(['host', 'connection', 'transfer-encoding', 'content-length', 'keep-alive']);

/** Sends one recorded request as it was recorded. Resolves with whether it was taken. */
export async function replay(capture: Capture, request: CapturedRequest, httpUrl: string, grpcUrl: string): Promise<boolean> {
  const body = readFileSync(join(folder, capture.name, request.file));
  return request.transport === 'grpc' ? replayGrpc(request, body, grpcUrl) : replayHttp(request, body, httpUrl);
}

function replayHttp(request: CapturedRequest, body: Buffer, url: string): Promise<boolean> {
  const headers = Object.fromEntries(request.raw_headers.filter(([name]) => !connectionHeaders.has(name.toLowerCase())));
  return new Promise((resolve, reject) => {
    const sending = httpRequest(`${url}${request.path}`, { method: 'POST', headers }, (answer) => {
      answer.resume().once('end', () => resolve((answer.statusCode ?? 500) < 300));
    });
    sending.on('error', reject).end(body);
  });
}

function replayGrpc(request: CapturedRequest, frames: Buffer, url: string): Promise<boolean> {
  const headers = Object.fromEntries(request.raw_headers.filter(([name]) => !name.startsWith(':') && !connectionHeaders.has(name)));
  return new Promise((resolve, reject) => {
    const session = connect(url);
    session.on('error', reject);
    const stream = session.request({ ...headers, ':method': 'POST', ':path': request.path });
    let status: unknown;
    stream.on('response', (answer) => (status = answer['grpc-status'] ?? status));
    stream.on('trailers', (trailers) => (status = trailers['grpc-status'] ?? status));
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve(status === '0');
    });
    stream.resume().end(frames);
  });
}
