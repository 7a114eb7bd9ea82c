/** Where Redis is and how to get in: what the settings say, as one value. */
import type { ConnectionOptions } from 'node:tls';
import type { Secret } from '../../model/secret.ts';

export type Mode = 'single' | 'sentinel' | 'cluster';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  /** `undefined`: a server is asked whether it is part of a cluster. */
  readonly mode?: Mode;
  /** One server, or some nodes of a cluster. */
  readonly endpoints: readonly HostPort[];
  readonly sentinel?: { readonly master: string; readonly endpoints: readonly HostPort[]; readonly password?: Secret };
  readonly username?: string;
  readonly password?: Secret;
  readonly db?: number;
  readonly tls?: ConnectionOptions;
}

/** What a URL says; the settings beside it win. */
export interface RedisUrl {
  readonly endpoints: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls: boolean;
}

const portDefault = 6_379;
const shape = /^(rediss?):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?@]+)(?:\/(\d+)?)?$/;

/** `redis[s]://[user[:password]@]host[:port][,host[:port]…][/db]`; `undefined` if it is none. */
export function parseUrl(text: string): RedisUrl | undefined {
  const match = shape.exec(text);
  if (!match) return undefined;
  const [, scheme, username, password, hosts, db] = match;
  try {
    return {
      endpoints: (hosts as string).split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:${portDefault}`)),
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(db && { db: Number(db) }),
      tls: scheme === 'rediss',
    };
  } catch {
    return undefined;
  }
}
