/**
 * Each member of a `tracestate` by itself (W3C Trace Context §3.3), so that what comes out is one, too. OpenTelemetry's own member stays: it holds the
 * sampling threshold and randomness, whose digits might look like somebody's number.
 */
export function redactTraceState(text: string, redact: (value: string, key: string) => string | null): string {
  if (text === '') return text;
  const kept: string[] = [];
  let isChanged = false;
  for (const member of text.split(',')) {
    const equals = member.indexOf('=');
    const key = member.slice(0, Math.max(0, equals)).trim();
    const value = member.slice(equals + 1);
    const redacted = key === 'ot' ? value : redact(value, key);
    if (redacted === value) {
      kept.push(member);
      continue;
    }
    isChanged = true;
    if (redacted !== null && equals >= 0 && /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]*$/.test(redacted))
      kept.push(`${member.slice(0, equals + 1)}${redacted}`);
  }
  return isChanged ? kept.join(',') : text;
}
