import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeEndpoint } from '../../src/exporters/langsmith/upload/endpoint-url.ts';
import { defaultInfo, parseInfo } from '../../src/exporters/langsmith/upload/info.ts';
import { outcomeOf, outcomeOfError, type Path } from '../../src/exporters/langsmith/upload/outcome.ts';
import { Pace } from '../../src/exporters/langsmith/upload/pace.ts';
import { backoffMs } from '../../src/exporters/retry/backoff.ts';
import { retryAfterMs } from '../../src/exporters/retry/retry-after.ts';
import { Fault } from '../../src/model/fault.ts';

const kindOf = (status: number, path: Path = '/runs/multipart', text = ''): string =>
  outcomeOf({ status, retryAfter: undefined, text }, path, 0).kind;

describe('every status has its outcome', () => {
  const table: Readonly<Record<string, readonly number[]>> = {
    delivered: [200, 201, 202, 204],
    duplicate: [409],
    too_large: [413],
    rejected: [400, 422],
    retry: [408, 421, 423, 424, 425, 429, 499, 500, 501, 502, 503, 504, 507, 520, 529, 599],
    refused: [300, 301, 302, 307, 308, 401, 402, 403, 406, 407, 410, 411, 412, 414, 415, 416, 417, 426, 428, 431, 451],
    no_multipart: [404, 405],
  };
  test.each(Object.entries(table))('%s', (kind, statuses) => {
    for (const status of statuses) expect([status, kindOf(status)]).toEqual([status, kind]);
  });

  test('a 404 on /runs/batch is the endpoint’s fault, an unknown project the run’s', () => {
    expect(kindOf(404, '/runs/batch')).toBe('refused');
    expect(kindOf(404, '/runs/multipart', '{"detail":"Tracer session not found"}')).toBe('rejected');
  });

  test('only a 429 and an answer with Retry-After pause the lane', () => {
    expect(outcomeOf({ status: 503, retryAfter: undefined, text: '' }, '/runs/multipart', 0)).toMatchObject({ pauseLane: false });
    expect(outcomeOf({ status: 503, retryAfter: '3', text: '' }, '/runs/multipart', 0)).toMatchObject({
      pauseLane: true,
      retryAfterMs: 3_000,
    });
    expect(outcomeOf({ status: 429, retryAfter: undefined, text: '' }, '/runs/multipart', 0)).toMatchObject({ retryAfterMs: 10_000 });
    expect(outcomeOfError('ECONNRESET')).toMatchObject({ kind: 'retry', status: 0, pauseLane: false });
  });
});

test.each([
  ['2', 2_000],
  [' 1.5 ', 1_500],
  ['0', 0],
  ['99999999', 3_600_000],
  ['Thu, 01 Jan 1970 00:00:30 GMT', 20_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j at ten seconds past the epoch is %j ms', (header, waitMs) => {
  expect(retryAfterMs(header, 10_000)).toBe(waitMs);
});

test.each([
  ['https://api.smith.langchain.com', 'https://api.smith.langchain.com'],
  ['https://api.smith.langchain.com/', 'https://api.smith.langchain.com'],
  [' https://eu.api.smith.langchain.com/otel ', 'https://eu.api.smith.langchain.com'],
  ['https://api.smith.langchain.com/otel/v1/traces', 'https://api.smith.langchain.com'],
  ['https://api.smith.langchain.com/otel/v1/traces/v1/traces', 'https://api.smith.langchain.com'],
  ['https://self.example/api/v1', 'https://self.example/api/v1'],
  ['https://self.example/api/v1/', 'https://self.example/api/v1'],
  ['https://self.example/api/v1/otel/', 'https://self.example/api/v1'],
  ['https://self.example/api/v1/runs/multipart', 'https://self.example/api/v1'],
  ['https://self.example/api', 'https://self.example/api'],
  ['https://self.example//api//v1//?a=b#c', 'https://self.example/api/v1'],
  ['http://localhost:1984/info', 'http://localhost:1984'],
])('the endpoint %s becomes %s', (text, base) => {
  expect(normalizeEndpoint(text)).toBe(base);
  expect(normalizeEndpoint(base)).toBe(normalizeEndpoint(normalizeEndpoint(base)));
});

test.each(['', 'api.smith.langchain.com', 'ftp://x', 'https://user:secret@x'])(
  'the endpoint "%s" is refused without being printed',
  (text) => {
    expect(() => normalizeEndpoint(text)).toThrow(Fault);
    expect(() => normalizeEndpoint(text)).not.toThrow(/secret/);
  },
);

describe('/info', () => {
  test('says its limits and flags', () => {
    const text = JSON.stringify({
      batch_ingest_config: { size_limit: 10, size_limit_bytes: 1_000, use_multipart_endpoint: false },
      instance_flags: { zstd_compression_enabled: true, gzip_body_enabled: true },
    });
    expect(parseInfo(text)).toEqual({ operationsMax: 10, bytesMax: 1_000, multipart: false, zstd: true, gzip: true });
  });

  test.each(['{}', '{"batch_ingest_config":null,"instance_flags":[]}', '{"batch_ingest_config":{"size_limit":0,"size_limit_bytes":null}}'])(
    'leaves the defaults with %s',
    (text) => {
      expect(parseInfo(text)).toEqual(defaultInfo);
    },
  );

  test('is nothing at all if it is not a JSON object, whatever comes', () => {
    for (const text of ['', '<html>', '[]', 'null', '7']) expect(parseInfo(text)).toBeUndefined();
    fc.assert(
      fc.property(fc.json(), (text) => {
        parseInfo(text);
      }),
    );
  });
});

const retry = { initialIntervalMs: 1_000, multiplier: 1.5, maxIntervalMs: 30_000, randomizationFactor: 0.5, maxElapsedMs: 0 };

test('a wait grows, is capped, and its jitter keeps within the factor', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const interval = Math.min(30_000, 1_000 * 1.5 ** Math.min(failures - 1, 64));
      const waitMs = backoffMs(retry, failures, () => random);
      expect(waitMs).toBeGreaterThanOrEqual(Math.floor(interval * 0.5));
      expect(waitMs).toBeLessThanOrEqual(Math.ceil(interval * 1.5));
    }),
  );
  expect(backoffMs({ ...retry, initialIntervalMs: 0, multiplier: 10 }, 5_000, () => 0.5)).toBe(0);
});

describe('the pace of a lane', () => {
  const delivered = { kind: 'delivered', status: 202 } as const;
  const failed = { kind: 'retry', status: 503, text: '', retryAfterMs: undefined, pauseLane: false } as const;
  const refused = { kind: 'refused', status: 401, text: '' } as const;

  test('one failure among successes slows down and does not pause', () => {
    const pace = new Pace(8, retry, () => 0.5);
    pace.note(failed, 0);
    expect([pace.limit, pace.opensAtMs]).toEqual([4, 0]);
    for (let count = 0; count < 9; count++) pace.note(delivered, 0);
    expect(pace.limit).toBe(8);
  });

  test('nothing but failures pauses for longer and longer', () => {
    const pace = new Pace(2, retry, () => 0.5);
    const waits: number[] = [];
    for (let count = 0; count < 12; count++) {
      const nowMs = pace.opensAtMs;
      pace.note(failed, nowMs);
      waits.push(pace.opensAtMs - nowMs);
    }
    expect(waits.slice(0, 4)).toEqual([0, 1_000, 1_500, 2_250]);
    expect(waits.at(-1)).toBe(30_000);
  });

  test('refusals of requests that were under way together count once, and the waits double up to a quarter of an hour', () => {
    const pace = new Pace(8, retry, () => 0.5);
    for (let count = 0; count < 8; count++) pace.note(refused, 0);
    expect(pace.opensAtMs).toBe(60_000);
    pace.note(refused, 60_000);
    expect(pace.opensAtMs).toBe(180_000);
    for (let count = 0; count < 20; count++) pace.note(refused, pace.opensAtMs);
    const before = pace.opensAtMs;
    pace.note(refused, before);
    expect(pace.opensAtMs - before).toBe(900_000);
    pace.note(delivered, before);
    expect(pace.opensAtMs).toBe(0);
  });
});
