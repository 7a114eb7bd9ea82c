/** `exporter::otlp` of `service::telemetry`: where the gateway sends metrics and spans of its own. The Collector's keys. */
import { z } from 'zod';
import { headers, parseDuration, secret } from './fields.ts';

/** A number of milliseconds, as the Collector has it, or a duration. */
export const milliseconds = (usual: number, least: number) =>
  z
    .union([z.number(), z.string()])
    .default(usual)
    .transform((given, context) => {
      const ms = typeof given === 'number' ? given : (parseDuration(given) ?? 0);
      if (ms < least)
        context.addIssue({ code: 'custom', message: `expected milliseconds, at least ${least}, or a duration such as "30s"` });
      return ms;
    });

/** The one protocol that is spoken. */
export const spokenProtocol = 'http/protobuf';

/** What both have. `endpoint` says what it is, since it differs. */
export const ownOtlpFields = (endpoint: string) => ({
  protocol: z
    .enum([spokenProtocol, 'http/json', 'grpc', 'grpc/protobuf'])
    .default(spokenProtocol)
    .describe(`\`${spokenProtocol}\`; with another one there is no effect.`),
  endpoint: z.string().describe(endpoint),
  headers: headers.prefault({}).describe('Sent with each push.'),
  headers_list: secret.prefault('').describe('The same as `name=value,name=value`.'),
  compression: z.enum(['none', 'gzip']).default('none').describe('`none` or `gzip`.'),
  timeout: milliseconds(10_000, 1).describe('How long a push may take.'),
  certificate: z.string().optional().describe('File with the certificate authority of the endpoint.'),
  client_certificate: z.string().optional().describe('File with the certificate that the gateway shows.'),
  client_key: z.string().optional().describe('File with its key.'),
  insecure: z.boolean().optional().describe('Without effect: the endpoint says `http` or `https`.'),
});

const ownOtlp = z.strictObject(ownOtlpFields(''));

/** Where, and how. */
export type OwnOtlp = z.output<typeof ownOtlp>;

/** Why this is no place to send to; `undefined` if it is one, or has no effect. */
export function endpointIssue(otlp: Pick<OwnOtlp, 'protocol' | 'endpoint'> | undefined): string | undefined {
  if (otlp?.protocol !== spokenProtocol) return undefined;
  const isHttp = URL.canParse(otlp.endpoint) && /^https?:$/.test(new URL(otlp.endpoint).protocol);
  return isHttp ? undefined : 'expected a URL such as "https://collector:4318"';
}
