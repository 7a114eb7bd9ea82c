/**
 * `basicauth`: user and password in the Authorization header. Callers are known as `auth.username`.
 * Fields of the Collector's basicauthextension (contrib), server side. Source of the header's form: RFC 7617.
 */
import { z } from 'zod';
import { secret } from '../../config/fields.ts';
import type { Authenticate, Authenticator, Deps } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import type { Secret } from '../../model/secret.ts';
import { Attempts } from './attempts.ts';
import { FreshFile } from './fresh-file.ts';
import { type Passwords, parseHtpasswd, Users } from './htpasswd.ts';
import { Refusals } from './refusal.ts';

const refusals = new Refusals('Basic');

const inline = secret.superRefine((text, context) => {
  const parsed = parseHtpasswd(text.reveal());
  if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: `cannot read htpasswd: ${parsed}` });
});

const schema = z.strictObject({
  htpasswd: z
    .strictObject({
      file: z.string().min(1).optional().describe('A file of users; a new one is taken within a second.'),
      inline: inline.optional().describe('Users, one "user:password" per line; they win over those of the file.'),
    })
    .refine(({ file, inline: text }) => file !== undefined || text !== undefined, {
      error: 'no credential source: give "file" or "inline"',
    })
    .describe('Users and passwords as `htpasswd -m`, `htpasswd -s` or `htpasswd -p` writes them; bcrypt is not supported.'),
});

export const basicAuth = {
  kind: 'extension',
  type: 'basicauth',
  aliases: ['basic_auth'],
  summary: 'Lets callers in by user and password.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: Deps): Authenticator => {
    const { file, inline: text } = (config as z.output<typeof schema>).htpasswd;
    return new BasicAuth(file, text, deps);
  },
} as const;

class BasicAuth implements Authenticator {
  readonly #file: FreshFile<Users> | undefined;
  readonly #inline: Users;
  readonly #attempts: Attempts;

  constructor(file: string | undefined, inlineText: Secret | undefined, deps: Deps) {
    const own = inlineText ? passwordsOf(inlineText.reveal()) : new Map<string, string>();
    this.#inline = new Users(own);
    this.#attempts = new Attempts(deps.clock.now);
    const merged = (text: string): Users => new Users(new Map([...passwordsOf(text), ...own]));
    this.#file = file === undefined ? undefined : new FreshFile(file, merged, deps);
  }

  async start(): Promise<void> {
    await this.#file?.start();
  }

  async stop(): Promise<void> {}

  readonly authenticate: Authenticate = async (metadata, address) => {
    const [scheme, encoded, ...rest] = refusals.soleHeader(metadata, 'authorization').split(' ');
    if (scheme?.toLowerCase() !== 'basic' || encoded === undefined || rest.length > 0)
      throw refusals.unauthenticated('it does not use Basic');
    const pair = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon === -1) throw refusals.unauthenticated('its Basic credentials have no colon');
    const username = pair.slice(0, colon);
    const users = this.#file ? await this.#file.content() : this.#inline;
    const password = pair.slice(colon + 1);
    if (users.isKnown(username, password)) return new Map([['username', username]]);
    this.#attempts.take(address);
    if (!users.has(username, password)) throw refusals.unauthenticated('user or password is wrong');
    return new Map([['username', username]]);
  };
}

function passwordsOf(text: string): Passwords {
  const parsed = parseHtpasswd(text);
  if (typeof parsed === 'string') throw new Fault('GW_START_FAILED', `cannot read htpasswd: ${parsed}`);
  return parsed;
}
