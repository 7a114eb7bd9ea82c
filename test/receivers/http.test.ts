import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { compress } from '@cloudpss/zstd/wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { itemCount, type Traces } from '../../src/model/batch.ts';
import { Fault } from '../../src/model/fault.ts';
import { transcodeTraces } from '../../src/otlp/otlp.ts';
import { raw, until } from '../security/clients.ts';
import { logsJsonBody, type RunningReceiver, startReceiver, tracesJsonBody } from './running-receiver.ts';

const protobuf = 'application/x-protobuf';
const json = 'application/json';
const protobufBody = (): Buffer => Buffer.from(transcodeTraces(tracesJsonBody()));

let receiver: RunningReceiver;

beforeEach(async () => {
  receiver = await startReceiver({ http: { max_request_body_size: 1_048_576 } });
});

afterEach(async () => {
  await receiver.stop();
});

function post(path: string, body: string | Uint8Array, type: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${receiver.url}${path}`, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
}

/** As it is on the wire. */
function requestOf(body: string): string {
  return `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('success', () => {
  test('protobuf is answered with a protobuf message', async () => {
    const response = await post('/v1/traces', protobufBody(), protobuf);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(protobuf);
    expect((await bytesOf(response)).toString('hex')).toBe('0a00');
    expect(receiver.batches.map(itemCount)).toEqual([1]);
  });

  test('JSON is answered with JSON', async () => {
    const response = await post('/v1/traces', tracesJsonBody(), 'application/json; charset=utf-8');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(json);
    expect(await response.json()).toEqual({ partialSuccess: {} });
  });

  test('an empty export is answered without asking the pipeline', async () => {
    expect((await post('/v1/traces', new Uint8Array(), protobuf)).status).toBe(200);
    expect((await post('/v1/traces', '{}', json)).status).toBe(200);
    expect(receiver.batches).toEqual([]);
  });

  test.each([
    '/',
    '/otel/v1/traces',
    '/api/v1/otel/v1/traces',
    '/api/public/otel/v1/traces',
    '/v1/traces/v1/traces',
    '/v1/traces/',
    '/v1/traces?x=1',
  ])('traces are taken on %s', async (path) => {
    expect((await post(path, protobufBody(), protobuf)).status).toBe(200);
    expect(receiver.batches.length).toBe(1);
  });

  test('logs are handed on', async () => {
    expect((await post('/v1/logs', logsJsonBody(), json)).status).toBe(200);
    expect(receiver.batches.map(({ signal }) => signal)).toEqual(['logs']);
  });

  test('metrics are answered with success and dropped, and the log says so once', async () => {
    const body = JSON.stringify({
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ asInt: '1' }, { asInt: '2' }] } }] }] }],
    });
    for (let i = 0; i < 3; i += 1) expect((await post('/v1/metrics', body, json)).status).toBe(200);
    expect(receiver.batches).toEqual([]);
    expect(await receiver.metrics()).toContain('spanway_unsupported_items{signal="metrics"} 6');
    expect(receiver.lines.filter((line) => line.includes('no pipeline takes')).length).toBe(1);
  });

  test('request headers travel with the batch', async () => {
    await post('/v1/traces', protobufBody(), protobuf, { 'Langsmith-Project': 'shop', 'X-API-Key': 'k' });
    const { caller } = receiver.batches[0] as Traces;
    expect(caller.metadata.get('langsmith-project')).toEqual(['shop']);
    expect(caller.metadata.get('x-api-key')).toEqual(['k']);
    expect(caller).toMatchObject({ receiver: 'otlp', transport: 'http', address: '127.0.0.1' });
  });

  test('a span with a malformed id is left out, and the others are taken', async () => {
    const good = JSON.parse(tracesJsonBody());
    good.resourceSpans[0].scopeSpans[0].spans.push({ ...good.resourceSpans[0].scopeSpans[0].spans[0], spanId: '00' });
    const response = await post('/v1/traces', JSON.stringify(good), json);
    expect(response.status).toBe(200);
    const { partialSuccess } = (await response.json()) as { partialSuccess: { rejectedSpans: string; errorMessage: string } };
    expect(Number(partialSuccess.rejectedSpans)).toBe(1);
    expect(partialSuccess.errorMessage).not.toBe('');
    expect(receiver.batches.map(itemCount)).toEqual([1]);
  });
});

describe('encodings', () => {
  test.each([
    ['gzip', (body: Buffer) => zlib.gzipSync(body)],
    ['deflate', (body: Buffer) => zlib.deflateSync(body)],
    ['zlib', (body: Buffer) => zlib.deflateSync(body)],
    ['identity', (body: Buffer) => body],
  ])('%s bodies are read', async (encoding, encode) => {
    expect((await post('/v1/traces', encode(protobufBody()), protobuf, { 'content-encoding': encoding })).status).toBe(200);
    expect(receiver.batches.map(itemCount)).toEqual([1]);
  });

  test('zstd bodies are read, all frames of them', async () => {
    const body = protobufBody();
    const half = Math.floor(body.length / 2);
    const frames = Buffer.concat([compress(body.subarray(0, half), 1), compress(body.subarray(half), 1)]);
    expect((await post('/v1/traces', frames, protobuf, { 'content-encoding': 'zstd' })).status).toBe(200);
    expect(receiver.batches.map(itemCount)).toEqual([1]);
  });

  test.each(['gzip', 'deflate', 'zstd'])('a body that only says it is %s gets 400', async (encoding) => {
    const response = await post('/v1/traces', 'this is no compressed body', protobuf, { 'content-encoding': encoding });
    expect(response.status).toBe(400);
    expect((await bytesOf(response)).toString()).toContain(`not valid ${encoding}`);
  });

  test('an unknown encoding gets 400 with its name', async () => {
    const response = await post('/v1/traces', 'x', json, { 'content-encoding': 'br' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ code: 3, message: 'unsupported Content-Encoding: br' });
  });

  test('a body that grows beyond the limit when decompressed gets 413', async () => {
    const zeros = Buffer.alloc(64 * 1_048_576);
    for (const [encoding, body] of [
      ['gzip', zlib.gzipSync(zeros)],
      ['deflate', zlib.deflateSync(zeros)],
      ['zstd', Buffer.from(compress(zeros, 1))],
    ] as const) {
      const response = await post('/v1/traces', body, json, { 'content-encoding': encoding });
      expect(response.status).toBe(413);
      expect(((await response.json()) as { message: string }).message).toContain('1048576 bytes');
    }
  });
});

describe('refusals', () => {
  test('another method gets 405 with the Collector’s text', async () => {
    const response = await fetch(`${receiver.url}/v1/traces`);
    expect(response.status).toBe(405);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe('405 method not allowed, supported: [POST]');
  });

  test('another content type gets 415 with the Collector’s text', async () => {
    const response = await post('/v1/traces', 'x', 'text/plain');
    expect(response.status).toBe(415);
    expect(await response.text()).toBe('415 unsupported media type, supported: [application/json, application/x-protobuf]');
  });

  test('an unknown path gets 404', async () => {
    const response = await post('/v1/profiles', 'x', json);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('404 page not found');
  });

  test('a body that is not OTLP gets 400 with a Status in the request’s encoding', async () => {
    const asJson = await post('/v1/traces', '{"resourceSpans": 1}', json);
    expect(asJson.status).toBe(400);
    expect(await asJson.json()).toMatchObject({ code: 3 });
    const asProtobuf = await post('/v1/traces', Buffer.from([0xff, 0xff]), protobuf);
    expect(asProtobuf.status).toBe(400);
    expect(asProtobuf.headers.get('content-type')).toBe(protobuf);
    expect((await bytesOf(asProtobuf)).subarray(0, 2).toString('hex')).toBe('0803');
  });

  test('a logs export on the traces path gets 400 that names the right path', async () => {
    const response = await post('/v1/traces', logsJsonBody(), json);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toContain('/v1/logs');
  });

  test('a declared length over the limit is refused before the body is read', async () => {
    const response = await new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
      const request = httpRequest(
        `${receiver.url}/v1/traces`,
        { method: 'POST', headers: { 'content-type': json, 'content-length': 2_000_000 } },
        (answer) => {
          resolve({ status: answer.statusCode, connection: answer.headers.connection });
          answer.resume();
          request.destroy();
        },
      );
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(response).toEqual({ status: 413, connection: 'close' });
  });

  test('a chunked body over the limit gets 413', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
    const status = await fetch(`${receiver.url}/v1/traces`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': json },
    } as RequestInit).then(
      (response) => response.status,
      // The connection may be closed while the client still writes.
      () => 413,
    );
    expect(status).toBe(413);
    expect(receiver.batches).toEqual([]);
  });

  test('back-pressure is 429 or 503 with Retry-After in whole seconds and a RetryInfo', async () => {
    receiver.consume = async () => {
      throw new Fault('GW_JOURNAL_FULL', 'cannot append: the journal is full', { retryAfterMs: 1_500 });
    };
    const busy = await post('/v1/traces', tracesJsonBody(), json);
    expect(busy.status).toBe(429);
    expect(busy.headers.get('retry-after')).toBe('2');
    expect(await busy.json()).toMatchObject({ code: 8, details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo' }] });
    receiver.consume = async () => {
      throw new Fault('GW_JOURNAL_UNAVAILABLE', 'cannot append: the disk is full');
    };
    const unavailable = await post('/v1/traces', tracesJsonBody(), json);
    expect(unavailable.status).toBe(503);
    expect(Number(unavailable.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await receiver.metrics()).toContain('otelcol_receiver_refused_spans{receiver="otlp",transport="http"} 2');
  });

  test('an internal error is 500, says nothing of the inside, and is logged', async () => {
    receiver.consume = async () => {
      throw new TypeError('the inside');
    };
    const response = await post('/v1/traces', tracesJsonBody(), json);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('the inside');
    expect(receiver.lines.some((line) => line.startsWith('error'))).toBe(true);
  });

  test('headers beyond 32 KiB are refused', async () => {
    const response = await post('/v1/traces', protobufBody(), protobuf, { 'x-large': 'x'.repeat(40_000) });
    expect(response.status).toBe(431);
  });
});

describe('connections', () => {
  test('a client that goes away in the middle of a body costs nothing', async () => {
    const socket = connect(receiver.httpPort, '127.0.0.1');
    await promisify((text: string, done: (error: null) => void) => socket.write(text, () => done(null)))(
      'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"res',
    );
    socket.destroy();
    expect((await post('/v1/traces', protobufBody(), protobuf)).status).toBe(200);
    expect(receiver.batches.length).toBe(1);
  });

  test('several requests use one connection', async () => {
    const socket = connect(receiver.httpPort, '127.0.0.1');
    const one = requestOf(tracesJsonBody());
    let answer = '';
    socket.setEncoding('utf8');
    const both = new Promise<void>((resolve) =>
      socket.on('data', (text: string) => {
        answer += text;
        if (answer.split('HTTP/1.1 200').length === 3) resolve();
      }),
    );
    socket.write(one + one);
    await both;
    expect(receiver.batches.length).toBe(2);
    socket.destroy();
  });

  describe('that bring a body which is refused, and then a good one', () => {
    const refused = Buffer.from(requestOf('not OTLP'));
    const both = Buffer.concat([refused, Buffer.from(requestOf(tracesJsonBody()))]);

    test.each([
      ['in one piece', [both]],
      ['each in a piece of its own', [refused, both.subarray(refused.length)]],
      ['byte by byte', Array.from(both, (byte) => Uint8Array.of(byte))],
    ])('are kept and serve the good one: %s', async (_, pieces) => {
      const { socket, text } = await raw(receiver.httpPort);
      socket.setNoDelay(true);
      for (const piece of pieces) await new Promise((written) => socket.write(piece, written));
      await until(() => text().includes('partialSuccess'));
      expect(text().match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
      expect(text().match(/connection: \S+/gi)).toEqual(['Connection: keep-alive', 'Connection: keep-alive']);
      expect(receiver.batches.length).toBe(1);
      expect(receiver.heldBytes()).toBe(0);
      socket.destroy();
    });
  });

  test('a limit that refuses a small body does not cost the connection', async () => {
    await receiver.stop();
    let isFull = true;
    const spend = (): void => {
      if (isFull) throw new Fault('GW_RECEIVE_TOO_BUSY', 'cannot take the request: too many');
    };
    receiver = await startReceiver({ http: { middlewares: [{ id: 'rate_limiter' }] }, limiter: () => ({ spend }) });
    const { socket, text } = await raw(receiver.httpPort);
    socket.write(requestOf(tracesJsonBody()));
    await until(() => text().includes('429'));
    isFull = false;
    socket.write(requestOf(tracesJsonBody()));
    await until(() => text().includes('partialSuccess'));
    expect(receiver.batches.length).toBe(1);
    socket.destroy();
  });

  test('a stop lets the requests under way finish and refuses new ones', async () => {
    let finish = (): void => {};
    const consumed = new Promise<void>((seen) => {
      const original = receiver.consume;
      receiver.consume = (batch) =>
        new Promise((resolve, reject) => {
          finish = () => original(batch).then(resolve, reject);
          seen();
        });
    });
    const underWay = post('/v1/traces', protobufBody(), protobuf);
    await consumed;
    const stopped = receiver.stop(10_000);
    await expect(post('/v1/traces', protobufBody(), protobuf)).rejects.toThrow();
    finish();
    expect((await underWay).status).toBe(200);
    await stopped;
  });

  test('bodies under way are bounded: a request beyond the bound gets 429', async () => {
    await receiver.stop();
    receiver = await startReceiver({ http: { max_in_flight_bytes: 400 } });
    let finish = (): void => {};
    const seen = new Promise<void>((resolve) => {
      const original = receiver.consume;
      receiver.consume = (batch) => {
        resolve();
        return new Promise<void>((done) => {
          finish = done;
        }).then(() => original(batch));
      };
    });
    const first = post('/v1/traces', tracesJsonBody(), json);
    await seen;
    expect((await post('/v1/traces', tracesJsonBody(), json)).status).toBe(429);
    finish();
    expect((await first).status).toBe(200);
  });
});

describe('settings', () => {
  test('signals without a pipeline can be refused', async () => {
    await receiver.stop();
    receiver = await startReceiver({ unsupported_signals: 'reject', withoutLogs: true });
    expect((await post('/v1/metrics', '{}', json)).status).toBe(404);
    expect((await post('/v1/logs', '{}', json)).status).toBe(404);
  });

  test('browsers of allowed origins may post, others get no permission', async () => {
    await receiver.stop();
    receiver = await startReceiver({ http: { cors: { allowed_origins: ['https://*.example.com'], allowed_headers: ['*'] } } });
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${receiver.url}/v1/traces`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
      });
    const allowed = await preflight('https://app.example.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('x-api-key');
    expect((await preflight('https://evil.com')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('a port in use is reported as the Collector does', async () => {
    await expect(startReceiver({ http: { endpoint: `127.0.0.1:${receiver.httpPort}` } })).rejects.toThrow(
      `failed to start "otlp" receiver: listen tcp 127.0.0.1:${receiver.httpPort}: bind: address already in use`,
    );
  });

  test('a client that sends its headers too slowly is cut off', async () => {
    await receiver.stop();
    receiver = await startReceiver({ http: { read_header_timeout: '100ms', read_timeout: '100ms' } });
    const socket = connect(receiver.httpPort, '127.0.0.1');
    socket.write('POST /v1/traces HTTP/1.1\r\n');
    await new Promise<void>((resolve) =>
      socket
        .once('close', () => resolve())
        .on('error', () => {})
        .resume(),
    );
    expect(receiver.batches).toEqual([]);
  });
});

test('the body of a batch is read as the same spans from protobuf and from JSON', async () => {
  await post('/v1/traces', protobufBody(), protobuf);
  await post('/v1/traces', tracesJsonBody(), json);
  const names = receiver.batches.map((batch) => (batch as Traces).resourceSpans[0]?.scopeSpans[0]?.spans[0]?.name);
  expect(names).toEqual(['chat', 'chat']);
});
