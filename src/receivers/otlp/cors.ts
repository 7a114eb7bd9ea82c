/** CORS headers (Fetch standard, "CORS protocol"), with the Collector's settings: origins with wildcards, credentials always allowed. */
import type { IncomingHttpHeaders } from 'node:http';
import type { HttpConfig } from './config.ts';

type CorsConfig = NonNullable<HttpConfig['cors']>;

/** Headers that need no permission, and what OTLP clients send. */
const safelisted = 'accept, accept-language, content-language, content-type, content-encoding';

export function corsHeaders(config: CorsConfig, headers: IncomingHttpHeaders): [name: string, value: string][] {
  const { origin } = headers;
  if (origin === undefined || !config.allowed_origins.some((pattern) => matches(pattern, origin))) return [];
  const answer: [string, string][] = [
    ['access-control-allow-origin', origin],
    ['access-control-allow-credentials', 'true'],
    ['vary', 'Origin'],
  ];
  if (config.exposed_headers.length > 0) answer.push(['access-control-expose-headers', config.exposed_headers.join(', ')]);
  if (headers['access-control-request-method'] !== undefined) {
    const asked = headers['access-control-request-headers'];
    const all = config.allowed_headers.includes('*') && asked !== undefined;
    answer.push(['access-control-allow-methods', 'POST']);
    answer.push(['access-control-allow-headers', all ? asked : [safelisted, ...config.allowed_headers].join(', ')]);
    if (config.max_age !== undefined) answer.push(['access-control-max-age', `${config.max_age}`]);
  }
  return answer;
}

/** `*` stands for any text; compared piece by piece, so that no pattern can be slow. */
function matches(pattern: string, origin: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = origin.toLowerCase();
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() as string;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length >= at + last.length && text.endsWith(last);
}
