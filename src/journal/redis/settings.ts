/** The settings of `redis_storage`: the Collector's (contrib `extension/storage/redisstorageextension`), and what more than one server needs. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { z } from 'zod';
import { duration, endpoint, hostAndPort, secret, texts } from '../../config/fields.ts';
import { Fault } from '../../model/fault.ts';
import { Secret } from '../../model/secret.ts';
import { type HostPort, parseUrl, type RedisAddress } from './address.ts';
import { commandTimeoutMsDefault, dialTimeoutMsDefault, memoryShareMaxDefault, prefixDefault } from './storage.ts';

const endpoints = z
  .union([z.array(endpoint), texts.pipe(z.array(endpoint))], { error: 'expected a list of "host:port"' })
  .meta({ title: 'list of endpoints' });

const url = secret.refine((given) => given.empty || parseUrl(given.reveal()) !== undefined, {
  error: 'expected "redis[s]://[user[:password]@]host[:port][,host[:port]…][/db]"',
});

const tls = z.strictObject({
  insecure: z.boolean().default(false).meta({ description: 'No TLS, as without this block.' }),
  ca_file: z.string().optional().meta({ description: 'Certificates of the authorities to trust, PEM; those of Node without it.' }),
  cert_file: z.string().optional().meta({ description: 'Our certificate, PEM, for servers that ask for one.' }),
  key_file: z.string().optional().meta({ description: 'Its private key, PEM.' }),
  insecure_skip_verify: z.boolean().default(false).meta({ description: 'Do not check the certificate of the server.' }),
  server_name_override: z.string().optional().meta({ description: 'The name that the certificate must carry, if it is not the host.' }),
});

const sentinel = z.strictObject({
  master: z.string().min(1).meta({ description: 'Name of the master group.' }),
  endpoints: endpoints.meta({ description: 'The Sentinels.' }),
  password: secret.optional().meta({ description: 'Password of the Sentinels themselves.' }),
});

export const schema = z
  .strictObject({
    url: url.optional().meta({ description: '`redis://` or `rediss://` (TLS), with user, password and db; the settings below win.' }),
    endpoint: endpoint.optional().meta({ description: 'The server, `localhost:6379` by default.' }),
    endpoints: endpoints.optional().meta({ description: 'Some nodes of a cluster.' }),
    mode: z
      .enum(['auto', 'single', 'sentinel', 'cluster'])
      .default('auto')
      .meta({ description: 'What stands behind the endpoints; `auto` asks the server.' }),
    sentinel: sentinel.optional().meta({ description: 'Finds the master through Sentinel.' }),
    username: z.string().optional().meta({ description: 'ACL user.' }),
    password: secret.optional().meta({ description: 'Its password, or that of `requirepass`.' }),
    db: z.int().min(0).optional().meta({ description: 'Number of the database; a cluster has 0 only.' }),
    tls: tls.optional().meta({ description: 'TLS to servers and Sentinels.' }),
    prefix: z
      .string()
      .regex(/^[^{}\s]+$/, { error: 'expected a text without braces and blanks' })
      .default(prefixDefault)
      .meta({ description: 'How all keys begin. Replicas that share journals share it.' }),
    expiration: duration
      .default(0)
      .refine((ms) => ms === 0, { error: 'must be 0: what expires is lost' })
      .meta({ description: 'Known to the Collector; nothing of a journal may expire.' }),
    dial_timeout: duration.default(dialTimeoutMsDefault).meta({ description: 'How long a connection may take to be made.' }),
    command_timeout: duration.default(commandTimeoutMsDefault).meta({ description: 'How long an answer may take.' }),
    instance_id: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Names this replica among the owners of partitions; the host name by default.' }),
    lease: z
      .strictObject({
        ttl: duration
          .default(15_000)
          .refine((ms) => ms >= 1_000, { error: 'must be 1s or more' })
          .meta({ description: 'After how long another replica takes over from one that was killed.' }),
      })
      .prefault({})
      .meta({ description: 'Ownership of partitions.' }),
    persistence: z
      .enum(['probe', 'everysec', 'always'])
      .default('probe')
      .meta({ description: 'What to believe of the append-only file instead of asking the server, for services that do not tell.' }),
    max_memory_percentage: z
      .int()
      .min(1)
      .max(100)
      .default(memoryShareMaxDefault * 100)
      .meta({ description: 'Share of `maxmemory` over which spans are refused for the time being.' }),
  })
  .superRefine((given, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (given.mode === 'sentinel' && !given.sentinel) issue('sentinel', 'mode "sentinel" needs it');
    if (given.sentinel && given.mode !== 'sentinel' && given.mode !== 'auto') issue('mode', `"${given.mode}" does not go with sentinel`);
    if (given.endpoint && given.endpoints) issue('endpoints', 'set endpoint or endpoints, not both');
    if (given.mode === 'cluster' && given.db) issue('db', 'a cluster has database 0 only');
  });

export type Settings = z.output<typeof schema>;

/** Reads the files that `tls` names. */
export function addressOf(settings: Settings): RedisAddress {
  const fromUrl = settings.url && !settings.url.empty ? parseUrl(settings.url.reveal()) : undefined;
  const own = settings.endpoints ?? (settings.endpoint ? [settings.endpoint] : undefined);
  const found = (own ?? fromUrl?.endpoints ?? ['localhost:6379']).map(target);
  const mode = settings.mode === 'auto' ? (found.length > 1 ? 'cluster' : undefined) : settings.mode;
  const username = settings.username || fromUrl?.username;
  const password = given(settings.password) ?? (fromUrl?.password === undefined ? undefined : new Secret(fromUrl.password));
  const db = settings.db ?? fromUrl?.db;
  const secure = settings.tls ? !settings.tls.insecure : fromUrl?.tls;
  return {
    endpoints: found,
    ...(settings.sentinel ? { mode: 'sentinel' as const, sentinel: sentinelOf(settings.sentinel) } : mode && { mode }),
    ...(username && { username }),
    ...(password && { password }),
    ...(db !== undefined && { db }),
    ...(secure && { tls: tlsOf(settings.tls) }),
  };
}

function sentinelOf({ master, endpoints: found, password }: z.output<typeof sentinel>): NonNullable<RedisAddress['sentinel']> {
  const own = given(password);
  return { master, endpoints: found.map(target), ...(own && { password: own }) };
}

/** An empty password is one that an environment variable did not set. */
function given(password: Secret | undefined): Secret | undefined {
  return password?.empty ? undefined : password;
}

/** A target without a host is this machine. */
function target(text: string): HostPort {
  const { host, port } = hostAndPort(text);
  return { host: host === '::' ? 'localhost' : host, port };
}

function tlsOf(settings: z.output<typeof tls> | undefined): ConnectionOptions {
  if (!settings) return {};
  const { ca_file: ca, cert_file: cert, key_file: key, insecure_skip_verify: skip, server_name_override: servername } = settings;
  return {
    rejectUnauthorized: !skip,
    ...(ca !== undefined && { ca: read('ca_file', ca) }),
    ...(cert !== undefined && { cert: read('cert_file', cert) }),
    ...(key !== undefined && { key: read('key_file', key) }),
    ...(servername !== undefined && { servername }),
  };
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Fault('GW_START_FAILED', `cannot read redis_storage::tls::${setting} "${path}": ${code}`, { cause });
  }
}
