import { readFileSync } from 'node:fs';
import type { SecureVersion } from 'node:tls';
import { Fault } from '../../model/fault.ts';
import type { ClientTlsSettings } from './settings.ts';

export interface ClientTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: SecureVersion;
}

/** Options of `node:tls`. Throws `GW_START_FAILED` naming the file that cannot be read. */
export function clientTls(settings: ClientTlsSettings): ClientTls {
  const ca = pem(settings.ca_pem, settings.ca_file);
  const cert = pem(settings.cert_pem, settings.cert_file);
  const key = pem(settings.key_pem?.reveal(), settings.key_file);
  const { server_name_override: servername } = settings;
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(servername === '' ? {} : { servername }),
    rejectUnauthorized: !settings.insecure_skip_verify,
    minVersion: `TLSv${settings.min_version}`,
  };
}

function pem(text: string | undefined, path: string | undefined): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Fault('GW_START_FAILED', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
      hint: 'check the tls block of the exporter',
    });
  }
}
