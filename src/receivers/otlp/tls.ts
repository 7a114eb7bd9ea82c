import { readFileSync } from 'node:fs';
import { Fault } from '../../model/fault.ts';
import type { TlsConfig } from './config.ts';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
}

/** Throws `GW_START_FAILED` naming the file that cannot be read. */
export function readTlsFiles({ cert_file, key_file, client_ca_file }: TlsConfig): TlsFiles {
  return { cert: read(cert_file), key: read(key_file), ca: client_ca_file === undefined ? undefined : read(client_ca_file) };
}

/** Options of `node:https`: with a client CA, clients must show a certificate that it signed. */
export function tlsOptions(config: TlsConfig): object {
  const { cert, key, ca } = readTlsFiles(config);
  const mutual = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: `TLSv${config.min_version}`, ...mutual };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Fault('GW_START_FAILED', `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
      hint: 'check the tls block of the receiver',
    });
  }
}
