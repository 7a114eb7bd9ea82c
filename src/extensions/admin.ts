/**
 * `admin`: answers operators what became of a trace's spans (`GET /why/<id>`, for `spanway why`). While it runs the gateway keeps a trail of what happens
 * to single spans. On a loopback address it answers whoever can reach it under a loopback name; elsewhere it wants a token. No payload, no secrets.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { endpoint, hostAndPort, secret } from '../config/fields.ts';
import type { Deps, Extension } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import type { Secret } from '../model/secret.ts';
import { type Page, type PageOf, startAdminServer } from './admin-server.ts';

export interface AdminDeps extends Deps {
  /** Has the trail keep so many rows from now on, until what it returns is called. */
  keepTrail(rows: number): () => void;
  /** A report on a trace, to be told as JSON. Rejects with a `Fault` of kind `invalid` if the id is none. */
  why(id: string): Promise<object>;
}

const rowBytes = 56;

const schema = z
  .strictObject({
    endpoint: endpoint.default('localhost:13134').describe('Where to listen.'),
    token: secret.optional().describe('Callers bring it as `Authorization: Bearer …`. Required if the endpoint is not a loopback address.'),
    trail_rows: z
      .int()
      .min(1_024)
      .max(8_388_608)
      .default(131_072)
      .describe(`Rows of the trail, ${rowBytes} bytes each; a delivered span takes three. The oldest are overwritten.`),
  })
  .superRefine((given, context) => {
    if (given.token?.empty) context.addIssue({ code: 'custom', path: ['token'], message: 'must not be empty' });
    if (!given.token && !isLoopback(hostAndPort(given.endpoint).host))
      context.addIssue({ code: 'custom', path: ['token'], message: 'must be specified if the endpoint is not a loopback address' });
  });

type Settings = z.output<typeof schema>;

export const admin = {
  kind: 'extension',
  type: 'admin',
  aliases: [],
  summary: 'Tells operators what became of the spans of a recent trace.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: AdminDeps): Extension => {
    const settings = config as Settings;
    let server: Awaited<ReturnType<typeof startAdminServer>> | undefined;
    let release: (() => void) | undefined;
    return {
      start: async () => {
        const { host, port } = hostAndPort(settings.endpoint);
        server = await startAdminServer(`"${deps.id}" extension`, host, port, pagesOf(settings, deps));
        release = deps.keepTrail(settings.trail_rows);
        deps.observer.log('info', 'the admin endpoint listens', { component: deps.id, address: `${host}:${server.port}` });
      },
      stop: async () => {
        await server?.close();
        release?.();
      },
    };
  },
} as const;

function pagesOf({ token }: Settings, deps: AdminDeps): PageOf {
  return (path, headers) => {
    const refusal = token ? wrongToken(token, headers.authorization ?? '') : foreignName(headers.host ?? '');
    if (refusal) return () => refusal;
    const id = /^\/why\/([0-9A-Za-z-]{1,64})$/.exec(path)?.[1];
    return id === undefined ? undefined : () => answer(id, deps);
  };
}

async function answer(id: string, deps: AdminDeps): Promise<Page> {
  try {
    return json(200, await deps.why(id));
  } catch (error) {
    const { kind, message } = Fault.of(error);
    return json(kind === 'invalid' ? 400 : 503, { error: message });
  }
}

function wrongToken(token: Secret, given: string): Page | undefined {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(`Bearer ${token.reveal()}`))
    ? undefined
    : json(401, { error: 'the token is missing or wrong' });
}

/** A page in a browser that had its own name resolved to this machine must not read what is here. */
function foreignName(host: string): Page | undefined {
  return isLoopback(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''))
    ? undefined
    : json(403, { error: 'the host name is not a loopback name' });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function json(status: number, body: unknown): Page {
  return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}
