/** Enum symbols of the trace contexts. Source: opentelemetry-proto, `SpanKind` and `StatusCode`. */
export const traceEnums: ReadonlyMap<string, bigint> = new Map([
  ['SPAN_KIND_UNSPECIFIED', 0n],
  ['SPAN_KIND_INTERNAL', 1n],
  ['SPAN_KIND_SERVER', 2n],
  ['SPAN_KIND_CLIENT', 3n],
  ['SPAN_KIND_PRODUCER', 4n],
  ['SPAN_KIND_CONSUMER', 5n],
  ['STATUS_CODE_UNSET', 0n],
  ['STATUS_CODE_OK', 1n],
  ['STATUS_CODE_ERROR', 2n],
]);

const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Enum symbols of the log context. Source: opentelemetry-proto, `SeverityNumber`: four steps for each severity. */
export const logEnums: ReadonlyMap<string, bigint> = new Map([
  ['SEVERITY_NUMBER_UNSPECIFIED', 0n],
  ...severities.flatMap((severity, index) =>
    [1, 2, 3, 4].map((step) => [`SEVERITY_NUMBER_${severity}${step === 1 ? '' : step}`, BigInt(index * 4 + step)] as const),
  ),
]);
