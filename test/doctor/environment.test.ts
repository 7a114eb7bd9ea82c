import { describe, expect, test } from 'vitest';
import { environmentFindings } from '../../src/commands/doctor/environment.ts';

const remedies = (env: Record<string, string>): string[] =>
  environmentFindings(env)
    .filter(({ status }) => status !== 'ok')
    .map(({ subject, sentence }) => `${subject}: ${sentence}`);

describe('what variables say about who sends where', () => {
  test.each([
    [{}, []],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }, []],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }, []],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, []],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318/v1/traces' },
      ['OTEL_EXPORTER_OTLP_ENDPOINT: it names the path of a signal, and SDKs append /v1/traces once more'],
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces/v1/traces' },
      ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: its path is doubled'],
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318' },
      ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: SDKs take it as it is, and it has no path'],
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      ['OTEL_EXPORTER_OTLP_PROTOCOL: gRPC is sent to 4318, the port of HTTP'],
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
      ['OTEL_EXPORTER_OTLP_PROTOCOL: HTTP is sent to 4317, the port of gRPC'],
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://api.smith.langchain.com/otel' },
      ['OTEL_EXPORTER_OTLP_ENDPOINT: applications with this variable send to LangSmith, and not through the gateway'],
    ],
  ])('%j', (env, expected) => {
    expect(remedies(env as Record<string, string>)).toEqual(expected);
  });
});
