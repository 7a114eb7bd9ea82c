/**
 * Password files in the format of Apache's htpasswd: one `user:password` per line, `#` for comments. Understood are the forms that Node's own
 * cryptography can check: `$apr1$` (what `htpasswd` writes unless told otherwise), `{SHA}`, `{SSHA}`, and plain text. bcrypt (`$2y$`) and the crypt
 * family (`$5$`, `$6$`) need cryptography that Node does not have and are refused when they are read, not when somebody logs in.
 * Source: Apache HTTP Server documentation, "Password Formats"; apr_md5.c; RFC 2307 for the schemes in braces.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { apr1 } from './apr1.ts';
import { Credentials } from './credentials.ts';

/** Stored passwords by user. */
export type Passwords = ReadonlyMap<string, string>;

const linesMax = 10_000;

/** The file's users, or in one sentence what is wrong with it; it names lines and users, never passwords. */
export function parseHtpasswd(text: string): Passwords | string {
  const users = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  if (lines.length > linesMax) return `more than ${linesMax} lines`;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon <= 0) return `line ${index + 1} is not "user:password"`;
    const user = line.slice(0, colon);
    const stored = line.slice(colon + 1);
    if (/^\$(?:2[abxy]?|5|6|1|y)\$/.test(stored))
      return `the password of line ${index + 1} is in a form that is not supported (bcrypt or crypt); make one with "htpasswd -m"`;
    users.set(user, stored);
  }
  return users.size === 0 ? 'no user in it' : users;
}

/** Good pairs that skip the check, which costs about a millisecond by design. */
const verifiedMax = 1_000;
/** Whoever asks for a user that there is not waits as long as for one that there is. */
const nobody = '$apr1$nobody00$';

export class Users {
  readonly #passwords: Passwords;
  #verified = new Credentials<true>();

  constructor(passwords: Passwords) {
    this.#passwords = passwords;
  }

  /** Whether the pair was found good before; this costs nearly nothing. */
  isKnown(user: string, password: string): boolean {
    return this.#verified.find(`${user}:${password}`) === true;
  }

  /** Checks the pair, and remembers a good one. */
  has(user: string, password: string): boolean {
    if (!isPassword(this.#passwords.get(user) ?? nobody, password)) return false;
    if (this.#verified.size >= verifiedMax) this.#verified = new Credentials();
    this.#verified.add(`${user}:${password}`, true);
    return true;
  }
}

function isPassword(stored: string, password: string): boolean {
  if (stored.startsWith('$apr1$')) return same(stored, apr1(password, stored.split('$')[2] ?? ''));
  if (stored.startsWith('{SHA}')) return same(stored.slice(5), sha1(password).toString('base64'));
  if (stored.startsWith('{SSHA}')) {
    const bytes = Buffer.from(stored.slice(6), 'base64');
    return sameBytes(bytes.subarray(0, 20), sha1(password, bytes.subarray(20)));
  }
  return same(stored, password);
}

function sha1(text: string, salt: Uint8Array = Buffer.alloc(0)): Buffer {
  return createHash('sha1').update(text).update(salt).digest();
}

/** Hashed first: lengths differ, and must not tell. */
function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
