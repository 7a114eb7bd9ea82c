/** What environment variables of OpenTelemetry and LangSmith say about who sends where, and the ways in which that goes wrong. Pure. */
import { type Finding, ok, warning } from '../../model/finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

const base = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const forTraces = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';

export function environmentFindings(env: Env): Finding[] {
  const findings = [...baseFindings(env), ...protocolFindings(env), ...destinationFindings(env)];
  return findings.length > 0 ? findings : [ok('environment', 'no variable of OpenTelemetry stands in the way')];
}

function baseFindings(env: Env): Finding[] {
  const findings: Finding[] = [];
  if (/\/v1\/(traces|logs|metrics)\/?$/.test(env[base] ?? ''))
    findings.push(
      warning(
        base,
        'it names the path of a signal, and SDKs append /v1/traces once more',
        `write the base URL, for example http://localhost:4318, or use ${forTraces} for the whole path`,
      ),
    );
  const whole = env[forTraces] ?? '';
  if (/\/v1\/traces\/v1\/traces/.test(whole)) findings.push(warning(forTraces, 'its path is doubled', 'write /v1/traces once'));
  else if (/^https?:\/\/[^/]+\/?$/.test(whole) && !isGrpc(env))
    findings.push(warning(forTraces, 'SDKs take it as it is, and it has no path', `append /v1/traces, or use ${base}`));
  return findings;
}

function protocolFindings(env: Env): Finding[] {
  const port = /:(\d+)/.exec((env[forTraces] ?? env[base] ?? '').replace(/^https?:/, ''))?.[1];
  if (port === '4317' && !isGrpc(env) && protocolOf(env) !== undefined)
    return [warning('OTEL_EXPORTER_OTLP_PROTOCOL', 'HTTP is sent to 4317, the port of gRPC', 'use port 4318, or protocol grpc')];
  if (port === '4318' && isGrpc(env))
    return [warning('OTEL_EXPORTER_OTLP_PROTOCOL', 'gRPC is sent to 4318, the port of HTTP', 'use port 4317, or protocol http/protobuf')];
  return [];
}

function destinationFindings(env: Env): Finding[] {
  const [name, value] = [forTraces, base].map((one) => [one, env[one]] as const).find(([, given]) => given) ?? [];
  if (name === undefined || value === undefined || !/smith\.langchain\.com/.test(value)) return [];
  return [
    warning(
      name,
      'applications with this variable send to LangSmith, and not through the gateway',
      'set it to the gateway, for example http://localhost:4318',
    ),
  ];
}

const protocolOf = (env: Env): string | undefined => env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
const isGrpc = (env: Env): boolean => protocolOf(env) === 'grpc';
