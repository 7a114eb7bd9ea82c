/**
 * `bearertokenauth`: one of a set of tokens in a header. Fields of the Collector's bearertokenauthextension (contrib), server side.
 * Source of the header's form: RFC 6750, section 2.1.
 */
import { z } from 'zod';
import { secret } from '../../config/fields.ts';
import type { Authenticate, Authenticator, Deps } from '../../model/component.ts';
import { Fault } from '../../model/fault.ts';
import { Credentials } from './credentials.ts';
import { FreshFile } from './fresh-file.ts';
import { Refusals } from './refusal.ts';

const schema = z
  .strictObject({
    header: z.string().min(1).default('Authorization').describe('The header that carries the token.'),
    scheme: z.string().default('Bearer').describe('What stands before the token; empty for the bare token.'),
    token: secret.optional().describe('The only token.'),
    tokens: z.array(secret).min(1).optional().describe('Several tokens, for example while one replaces another.'),
    filename: z.string().min(1).optional().describe('A file of tokens, one per line; a new one is taken within a second.'),
  })
  .refine(({ token, tokens, filename }) => token || tokens || filename, {
    error: 'one of "token", "tokens" and "filename" must be specified',
  })
  .refine(({ token, tokens }) => !(token && tokens), { error: 'either "token" or "tokens" should be specified, not both' })
  .refine(({ token, tokens, filename }) => !(filename && (token || tokens)), {
    error: 'either "filename" or tokens in the configuration should be specified, not both',
  })
  .refine(({ token, tokens = [] }) => ![token, ...tokens].some((one) => one?.empty), { error: 'a token must not be empty' });

type Config = z.output<typeof schema>;

export const bearerTokenAuth = {
  kind: 'extension',
  type: 'bearertokenauth',
  aliases: ['bearer_token_auth'],
  summary: 'Lets callers in by a bearer token.',
  signals: [],
  stability: 'beta',
  schema,
  create: (config: unknown, deps: Deps): Authenticator => new BearerTokenAuth(config as Config, deps),
} as const;

class BearerTokenAuth implements Authenticator {
  readonly #header: string;
  readonly #scheme: string;
  readonly #refusals: Refusals;
  readonly #tokens: Credentials<true>;
  readonly #file: FreshFile<Credentials<true>> | undefined;

  constructor({ header, scheme, token, tokens = [], filename }: Config, deps: Deps) {
    this.#header = header.toLowerCase();
    this.#scheme = scheme;
    this.#refusals = new Refusals(scheme);
    this.#tokens = credentialsOf((token ? [token] : tokens).map((one) => one.reveal()));
    this.#file = filename === undefined ? undefined : new FreshFile(filename, tokensOf, deps);
  }

  async start(): Promise<void> {
    await this.#file?.start();
  }

  async stop(): Promise<void> {}

  readonly authenticate: Authenticate = async (metadata) => {
    const token = this.#tokenIn(this.#refusals.soleHeader(metadata, this.#header));
    const tokens = this.#file ? await this.#file.content() : this.#tokens;
    if (!tokens.find(token)) throw this.#refusals.unauthenticated('its token is not known');
    return nothingKnown;
  };

  /** Schemes are compared without regard to case (RFC 9110, section 11.1). */
  #tokenIn(value: string): string {
    const { length } = this.#scheme;
    if (length === 0) return value;
    if (value[length] !== ' ' || value.slice(0, length).toLowerCase() !== this.#scheme.toLowerCase())
      throw this.#refusals.unauthenticated(`its ${this.#header} header does not use ${this.#scheme}`);
    return value.slice(length + 1).trim();
  }
}

const nothingKnown: ReadonlyMap<string, string> = new Map();

function tokensOf(text: string): Credentials<true> {
  const tokens = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (tokens.length === 0) throw new Fault('GW_START_FAILED', 'cannot read tokens: the file has none');
  return credentialsOf(tokens);
}

function credentialsOf(tokens: readonly string[]): Credentials<true> {
  return new Credentials(tokens.map((token) => [token, true]));
}
