/** Credentials of protocols: tokens, keys in PEM, Authorization headers, URLs. */
import { bytes } from '../../../../model/bytes.ts';
import { wordCharacters } from '../characters.ts';
import type { LiteralDetector, PlaceDetector, Range } from '../detector.ts';
import { isPlaceholder, isRandom } from './randomness.ts';

/** RFC 7515 section 4: the header is a JSON object with `alg`. */
function isJwt(found: string): boolean {
  const header = bytes.from(found.slice(0, found.indexOf('.')), 'base64').latin1Slice();
  return header.startsWith('{') && header.endsWith('}') && header.includes('"alg"');
}

/** RFC 7617: name, colon, password. */
function isBasic(found: string): boolean {
  const decoded = bytes.from(found, 'base64').utf8Slice();
  return /^[^\p{Cc}\ufffd:]{0,256}:[^\p{Cc}\ufffd]{1,256}$/u.test(decoded);
}

export const credentialLiterals = [
  {
    name: 'jwt',
    doc: 'JSON web tokens, signed or encrypted, whose header decodes to JSON with `alg`.',
    preset: 'secrets',
    literals: ['eyJ'],
    pattern: /eyJ[\w-]{8,1024}\.[\w-]{4,8192}(?:\.[\w-]{0,8192}){1,3}/y,
    isValid: isJwt,
  },
  {
    name: 'private_key',
    doc: 'Private keys in PEM and PGP armour, also with `\\n` escaped and also cut off, and age identities.',
    preset: 'secrets',
    literals: ['-----BEGIN ', 'AGE-SECRET-KEY-1'],
    pattern:
      /(?:-----BEGIN (?:[A-Z\d]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!-)){16,16384}(?:-----END [A-Z\d ]{1,48}-----)?|AGE-SECRET-KEY-1[A-Z\d]{58})/y,
  },
  {
    name: 'bearer_token',
    doc: 'What follows Bearer where it looks drawn by a machine.',
    preset: 'secrets',
    literals: ['Bearer ', 'bearer ', 'BEARER '],
    pattern: /[\w.~+/-]{16,4096}={0,2}/y,
    isLabel: true,
    isValid: isRandom,
  },
  {
    name: 'basic_credentials',
    doc: 'What follows Basic where it decodes to a name, a colon and a password.',
    preset: 'secrets',
    literals: ['Basic ', 'basic '],
    pattern: /[A-Za-z\d+/_-]{6,512}={0,2}(?![\w+/=-])/y,
    isLabel: true,
    isValid: isBasic,
  },
] as const satisfies readonly LiteralDetector[];

const userInfo = /\/\/([^\s/@:?#"'`<>\\]{0,128}):([^\s/@"'`<>\\]{1,256})@(?=[\w[])/y;

export const credentialPlaces = [
  {
    name: 'url_credentials',
    doc: 'Name and password in URLs; the rest of the URL stays.',
    preset: 'secrets',
    at: ':',
    behind: wordCharacters,
    cost: 2,
    find: (text: string, at: number): Range | undefined => {
      if (text.charCodeAt(at + 1) !== 47 || text.charCodeAt(at + 2) !== 47) return undefined;
      userInfo.lastIndex = at + 1;
      const found = userInfo.exec(text);
      if (found === null || isPlaceholder(found[2] as string)) return undefined;
      return { start: at + 3, end: userInfo.lastIndex - 1 };
    },
  },
] as const satisfies readonly PlaceDetector[];
