/** Secrets that are told by the name they stand beside: `password: …`, `"api_key": "…"`, or the attribute's key. */
import { isWord } from '../characters.ts';
import type { PlaceDetector, Range } from '../detector.ts';
import { isPlaceholder, isRandom } from './randomness.ts';

const nameMax = 32;
const valueMax = 512;

/** What people choose themselves need not look random. */
const passwordName =
  /(?:^|[^a-z]|[a-z](?=[A-Z]))(?:password|passwd|passphrase|passcode|pwd|passwort|kennwort|contraseña|senha|mot_?de_?passe)$/i;
/** `token` and `key` alone name too much else, `max_tokens` and `public_key` among it. */
const secretName =
  /(?:^|[^a-z]|[a-z](?=[A-Z]))(?:secret|token|credentials?|auth|authorization|cookie|session|api[_ -]?key|apikey|(?:access|secret|private|signing|encryption|master|account|auth|service|license|subscription|consumer|client|webhook|storage|shared|admin|app|bot|deploy|ssh|jwt|hmac|session)[_ -]?(?:key|secret|token)|secret[_ -]?access[_ -]?key|x-api-key|connection[_ -]?string)$/i;
const awsName = /secret[_ -]?(?:access[_ -]?)?key$/i;
const awsSecret = /^[A-Za-z\d/+]{40}$/;

/** What a name names, as bits. An AWS secret may be named by what `secretName` has not. */
const password = 1;
const secret = 2;
const aws = 4;

/** The last three letters of the names above and what they may name: nearly every other name is passed over by them. */
const endings = new Uint8Array(1 << 15);
for (const ending of 'ord swd ase ode pwd ort eña nha sse'.split(' ')) endings[endingOf(ending, ending.length)] = password;
for (const ending of 'ret ken ial als uth ion kie key ing'.split(' ')) endings[endingOf(ending, ending.length)] = secret;
endings[endingOf('key', 3)] = secret | aws;

/** Five bits of each letter, whatever its case. */
function endingOf(text: string, end: number): number {
  return ((text.charCodeAt(end - 3) & 31) << 10) | ((text.charCodeAt(end - 2) & 31) << 5) | (text.charCodeAt(end - 1) & 31);
}

interface Named {
  readonly kind: number;
  readonly value: string;
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** An ampersand or equals sign ends the value where another name and its equals sign follow. */
const unquoted = /(?:[^\s"'`,;&=<>|(){}[\]\\]|[&=](?![\w.-]{1,32}=)){4,512}/y;
const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96;
const backslash = 92;

/** Names come again and again, so what they are is kept, for so many of them. */
const kinds = new Map<string, number>();
const kindsMax = 2048;

function kindOf(name: string): number {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind = (passwordName.test(name) ? password : secretName.test(name) ? secret : 0) | (awsName.test(name) ? aws : 0);
  if (kinds.size >= kindsMax) kinds.clear();
  kinds.set(name, kind);
  return kind;
}

/** `at` is the colon or equals sign between a name and a value. The value is read only where the name is one of `wanted`. */
function namedAt(text: string, at: number, wanted: number): Named | undefined {
  let end = at;
  if (text.charCodeAt(end - 1) === 32) end -= 1;
  if (isQuote(text.charCodeAt(end - 1))) end -= 1;
  while (text.charCodeAt(end - 1) === backslash && at - end < 8) end -= 1;
  if (((endings[endingOf(text, end)] as number) & wanted) === 0) return undefined;
  let start = end;
  while (end - start < nameMax && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  // `<token:7f3a…>` is what redaction itself writes.
  if (end === start || (text.charCodeAt(start - 1) === 60 && text.charCodeAt(at) === 58)) return undefined;
  const kind = kindOf(text.slice(start, end));
  return (kind & wanted) === 0 ? undefined : valueAt(text, at + 1, kind);
}

const isNameCharacter = (code: number): boolean => isWord(code) || code === 45 || code === 241;

function valueAt(text: string, from: number, kind: number): Named | undefined {
  let start = from;
  while (start - from < 4 && isBetween(text.charCodeAt(start))) start += 1;
  while (start - from < 12 && text.charCodeAt(start) === backslash) start += 1;
  const quote = text.charCodeAt(start);
  if (isQuote(quote)) {
    start += 1;
    const end = closing(text, start, quote);
    return end === -1 ? undefined : { kind, value: text.slice(start, end), isQuoted: true, start, end };
  }
  unquoted.lastIndex = start;
  if (!unquoted.test(text)) return undefined;
  const next = text.charCodeAt(unquoted.lastIndex);
  if (next === 40 || next === 91) return undefined;
  let end = unquoted.lastIndex;
  while (end > start && isPunctuation(text.charCodeAt(end - 1))) end -= 1;
  return { kind, value: text.slice(start, end), isQuoted: false, start, end };
}

/** `.`, `,`, `:`, `?`: they end a sentence, not a value. */
const isPunctuation = (code: number): boolean => code === 46 || code === 44 || code === 58 || code === 63;

/** `=`, `>` of `=>`, and white space. */
const isBetween = (code: number): boolean => code === 32 || code === 9 || code === 61 || code === 62 || code === 10;

/** Where the quoted value ends, its escaped closing quote left out; -1 if not within bounds or on the next line. */
function closing(text: string, start: number, quote: number): number {
  const last = Math.min(text.length, start + valueMax);
  for (let at = start; at < last; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) return -1;
    if (code !== quote) continue;
    let end = at;
    while (end > start && text.charCodeAt(end - 1) === backslash) end -= 1;
    return end;
  }
  return -1;
}

function isSecret({ kind, value, isQuoted }: Named): boolean {
  if ((kind & password) === 0) return isMachineSecret(value);
  return (isQuoted ? isPhrase(value) : isPasswordLike(value)) && !isPlaceholder(value);
}

/** In quotes nearly everything may be a password, but not a sentence. */
const isPhrase = (value: string): boolean => value.length >= 4 && !/\s{2}|^\s|\s.*[.?!]$/.test(value);

/** Without quotes, code (`password = config.password`) and prose (`password: required`) look alike: a digit is asked beside other characters. */
const isPasswordLike = (value: string): boolean =>
  value.length >= 6 &&
  /\d/.test(value) &&
  /\D/.test(value) &&
  !/^[\w$]+(?:\.[a-z_]\w*)+$/i.test(value) &&
  !/^\d[\d.,:/-]*\D{0,3}$/.test(value);

function isMachineSecret(value: string): boolean {
  if (value.length < 12 || !/^[\w\-+/=.~!@#$%^&*:]+$/.test(value)) return false;
  if (/^[\d.:,-]+$|^\w{2,12}:\/\/|^[./~]|^\d{4}-\d\d-\d\d/.test(value)) return false;
  return isRandom(value) || isLongHex(value);
}

const isLongHex = (value: string): boolean => /^[\da-f]{32,}$/i.test(value) && !/^(.)\1+$/.test(value);

function secretUnder(key: string, text: string): Range | undefined {
  if (text.length < 4 || text.length > valueMax || key.length > 256) return undefined;
  const kind = kindOf(key.slice(-nameMax));
  const isHidden = (kind & password) !== 0 ? !isPlaceholder(text) : (kind & secret) !== 0 && isMachineSecret(text);
  return isHidden ? { start: 0, end: text.length } : undefined;
}

/** The last letter of a name, its closing quote, or a space. */
const behind = 'aAdDeEgGhHlLnNsStTyY "\'`';
const behindAws = 'yY "\'`';

export const namedSecrets = [
  {
    name: 'aws_secret_access_key',
    doc: 'AWS secret access keys: 40 characters of base 64 beside a name such as `aws_secret_access_key`.',
    preset: 'secrets',
    at: ':=',
    behind: behindAws,
    cost: 4,
    find: (text: string, at: number): Range | undefined => {
      const named = namedAt(text, at, aws);
      return named !== undefined && awsSecret.test(named.value) && isRandom(named.value) ? named : undefined;
    },
    under: (key: string, text: string): Range | undefined =>
      (kindOf(key.slice(-nameMax)) & aws) !== 0 && awsSecret.test(text) && isRandom(text) ? { start: 0, end: text.length } : undefined,
  },
  {
    name: 'named_secret',
    doc: 'Passwords beside a name such as `password` or under such a key, and values that look drawn by a machine beside `secret`, `token`, `api_key` and the like.',
    preset: 'secrets',
    at: ':=',
    behind,
    cost: 4,
    find: (text: string, at: number): Range | undefined => {
      const named = namedAt(text, at, password | secret);
      return named !== undefined && isSecret(named) ? named : undefined;
    },
    under: secretUnder,
  },
] as const satisfies readonly PlaceDetector[];
