import { describe, expect, test } from 'vitest';
import { exportResponse, statusMessage } from '../../src/otlp/otlp.ts';
import { oracle } from './oracle.ts';

describe('export responses', () => {
  test('full success is an empty partial_success, as the Collector answers it', () => {
    const all = { rejected: 0, message: '' };
    expect(exportResponse('traces', all, 'protobuf')).toEqual(Buffer.from([0x0a, 0x00]));
    expect(exportResponse('logs', all, 'json').toString()).toBe('{"partialSuccess":{}}');
  });

  test('rejected items and the reason are told in both encodings', () => {
    const partial = { rejected: 300, message: 'trace id é' };
    const trace = oracle.traceAnswer.toObject(oracle.traceAnswer.decode(exportResponse('traces', partial, 'protobuf')), { longs: String });
    expect(trace).toEqual({ partialSuccess: { rejectedSpans: '300', errorMessage: 'trace id é' } });
    const logs = oracle.logsAnswer.toObject(oracle.logsAnswer.decode(exportResponse('logs', partial, 'protobuf')), { longs: String });
    expect(logs).toEqual({ partialSuccess: { rejectedLogRecords: '300', errorMessage: 'trace id é' } });
    expect(JSON.parse(exportResponse('metrics', partial, 'json').toString())).toEqual({
      partialSuccess: { rejectedDataPoints: '300', errorMessage: 'trace id é' },
    });
  });
});

describe('status messages', () => {
  test('hold code and text', () => {
    const status = oracle.status.toObject(oracle.status.decode(statusMessage(3, 'cannot decode', undefined, 'protobuf')));
    expect(status).toEqual({ code: 3, message: 'cannot decode' });
    expect(JSON.parse(statusMessage(3, 'cannot decode', undefined, 'json').toString())).toEqual({ code: 3, message: 'cannot decode' });
  });

  test('hold RetryInfo when there is a time to wait', () => {
    const status = oracle.status.toObject(oracle.status.decode(statusMessage(14, 'later', 2_500, 'protobuf'))) as {
      details: { typeUrl: string; value: Uint8Array }[];
    };
    expect(status.details.map(({ typeUrl }) => typeUrl)).toEqual(['type.googleapis.com/google.rpc.RetryInfo']);
    const retryInfo = oracle.retryInfo.toObject(oracle.retryInfo.decode(status.details[0]?.value ?? Buffer.alloc(0)), { longs: String });
    expect(retryInfo).toEqual({ retryDelay: { seconds: '2', nanos: 500_000_000 } });
    expect(JSON.parse(statusMessage(8, 'later', 2_500, 'json').toString())).toEqual({
      code: 8,
      message: 'later',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.500s' }],
    });
  });
});
