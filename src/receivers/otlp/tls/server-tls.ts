/**
 * Certificates of a listener, read again when their files change. New connections get the new ones; those that are open live on.
 *
 *   read ─files change─► checked ─► in force           a file that is missing, or a key that does not fit its certificate: what was
 *                           └─► degraded ─► (next look)   in force stays so, since two files are never replaced at the same moment
 */
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Deps } from '../../../model/component.ts';
import { Fault } from '../../../model/fault.ts';
import { cipherList, curveList } from './cipher-suites.ts';
import type { TlsConfig } from './config.ts';

/** What servers of node:https and node:http2 have in common. */
interface SecureServer {
  setSecureContext(options: SecureContextOptions): void;
}

export interface ServerTlsOptions extends SecureContextOptions {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

export class ServerTls {
  readonly options: ServerTlsOptions;
  readonly #config: TlsConfig;
  readonly #deps: Deps;
  readonly #degradation: string;
  #server: SecureServer | undefined;
  #seen: string;
  #timer: NodeJS.Timeout | undefined;

  /** Throws `GW_START_FAILED` naming what cannot be read. `transport` tells apart what is degraded. */
  constructor(config: TlsConfig, transport: 'http' | 'grpc', deps: Deps) {
    this.#config = config;
    this.#deps = deps;
    this.#degradation = `${deps.id}/${transport}/tls`;
    this.#seen = stateOf(config);
    this.options = optionsOf(config);
  }

  /** From now on the server gets what is new. */
  start(server: SecureServer): void {
    this.#server = server;
    if (this.#config.reload_interval === 0) return;
    this.#timer = setInterval(() => this.look(), this.#config.reload_interval);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#server = undefined;
  }

  /** Puts new files in force. */
  look(): void {
    const state = stateOf(this.#config);
    if (state === this.#seen || this.#server === undefined) return;
    const { id, observer } = this.#deps;
    try {
      this.#server.setSecureContext(optionsOf(this.#config));
      this.#seen = state;
      observer.healthy(this.#degradation);
      observer.log('info', 'new certificates are in force', { receiver: id });
    } catch (error) {
      observer.degraded(this.#degradation, 'New certificates cannot be used; those before them stay in force.', {
        reason: Fault.of(error).message,
      });
    }
  }
}

function filesOf({ cert_file, key_file, client_ca_file }: TlsConfig): string[] {
  return [cert_file, key_file, client_ca_file].filter((path) => path !== undefined);
}

/** A text that changes when one of the files does. Symbolic links, as Kubernetes swaps them, are followed. */
function stateOf(config: TlsConfig): string {
  const states = filesOf(config).map((path) => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats ? `${stats.dev}/${stats.ino}/${stats.size}/${stats.mtimeNs}/${stats.ctimeNs}` : 'missing';
  });
  return states.join(' ');
}

/** Throws `GW_START_FAILED`. With a client CA, clients must show a certificate that it signed. */
function optionsOf(config: TlsConfig): ServerTlsOptions {
  const { min_version: min, max_version: max, cipher_suites: suites, curve_preferences: curves } = config;
  const ca = config.client_ca_file === undefined ? undefined : read(config.client_ca_file);
  const options: ServerTlsOptions = {
    cert: config.cert_pem ?? read(config.cert_file as string),
    key: config.key_pem?.reveal() ?? read(config.key_file as string),
    minVersion: `TLSv${min}`,
    ...(max ? { maxVersion: `TLSv${max}` } : {}),
    ...(suites ? { ciphers: cipherList(suites) } : {}),
    ...(curves ? { ecdhCurve: curveList(curves) } : {}),
    ...(ca ? { ca } : {}),
    requestCert: ca !== undefined,
    rejectUnauthorized: ca !== undefined,
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    // OpenSSL's own words name no secrets, but also nothing that helps.
    throw new Fault(
      'GW_START_FAILED',
      'cannot use the certificates: they cannot be understood, or the key is not that of the certificate',
      {
        cause,
        hint: 'check the tls block of the receiver',
      },
    );
  }
  return options;
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
