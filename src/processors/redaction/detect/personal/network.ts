/** Addresses of machines. */
import { hexDigits, isAlphanumeric, isHex, isLetter, isWord } from '../characters.ts';
import type { FreeNumberDetector, PlaceDetector, Range, Surroundings } from '../detector.ts';
import { isQuad } from '../row.ts';

const ipv4 = /(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(?![\w-]|\.\d)/y;
const mac = /[\da-f]{2}(?:(?::[\da-f]{2}){5}|(?:-[\da-f]{2}){5})(?![\w:-])/iy;

/** Loopback, unspecified, link-local and broadcast addresses say nothing of a person. */
const localIpv4 = /(?:127\.|0\.|169\.254\.|255\.255\.)/y;
const localIpv6 = /(?:::1?(?![\da-f:])|fe80:|ff0)/iy;
const beforeVersion = /(?:\bv|ver(?:sion)?s?\.?|release|build|rev|sdk|section|chapter|§|[a-z]\/)[\s:="'`]{0,4}$/i;
/** Characters of a value that is a version and nothing else. */
const versionMax = 16;
const assignedIpv6 = /(?:[23][\da-f]{3}:|f[cd][\da-f]{2}:|fe[89ab][\da-f]:|ff0[\da-f]:|64:ff9b:|::ffff:)/iy;

function ipv4At(text: string, at: number, { key, row }: Surroundings): Range | undefined {
  if (!isQuad(row)) return undefined;
  const before = text.charCodeAt(at - 1);
  if (before === 46 || before === 45 || isWord(before)) return undefined;
  ipv4.lastIndex = at;
  if (!ipv4.test(text)) return undefined;
  if ((key !== undefined && text.length <= versionMax && /version/i.test(key)) || isVersion(text, at)) return undefined;
  const end = ipv4.lastIndex;
  return isHeading(text, at, end) ? undefined : { start: at, end };
}

/** A word of version ends with a letter, point, section sign or slash, which is asked first. */
function isVersion(text: string, at: number): boolean {
  let end = at;
  while (at - end < 4 && isAfterVersion(text.charCodeAt(end - 1))) end -= 1;
  const last = text.charCodeAt(end - 1);
  return (isLetter(last) || last === 46 || last === 47 || last === 0xa7) && beforeVersion.test(text.slice(Math.max(0, at - 16), at));
}

/** White space, colon, equals sign, quotes. */
const isAfterVersion = (code: number): boolean =>
  code <= 32 || code === 58 || code === 61 || code === 34 || code === 39 || code === 96 || code === 0xa0 || code > 0x1fff;

/** `1.2.3.4 Scope` at the beginning of a line. */
function isHeading(text: string, start: number, end: number): boolean {
  return (
    end - start <= 8 &&
    (start === 0 || text.charCodeAt(start - 1) === 10) &&
    /^ [A-Z]/.test(text.slice(end, end + 2)) &&
    !/^(?:8\.8|1\.[01]\.)/.test(text.slice(start, end))
  );
}

/** `at` is the first colon behind hexadecimal digits, or the second of `::` with none before. */
function ipv6At(text: string, at: number): Range | undefined {
  let start = at;
  if (text.charCodeAt(at - 1) === 58) start = at - 1;
  else {
    const after = text.charCodeAt(at + 1);
    if (after !== 58 && !isHex(after)) return undefined;
    while (at - start < 5 && isHex(text.charCodeAt(start - 1))) start -= 1;
  }
  const before = text.charCodeAt(start - 1);
  if (at - start > 4 || before === 58 || before === 46 || isWord(before)) return undefined;
  const end = ipv6End(text, start);
  return end === -1 || isWord(text.charCodeAt(end)) ? undefined : { start, end };
}

/** RFC 4291 section 2.2, of the ranges that are given out. -1 where it is none. */
function ipv6End(text: string, start: number): number {
  let at = start;
  let groups = 0;
  let compressedAt = -1;
  let hasDigit = false;
  for (;;) {
    const group = at;
    for (; at - group < 5 && isHex(text.charCodeAt(at)); at += 1) if (text.charCodeAt(at) < 58) hasDigit = true;
    if (at - group > 4) return -1;
    if (at > group) groups += 1;
    if (text.charCodeAt(at) === 46) {
      // The last 32 bits may be written as an IPv4 address: `::ffff:192.0.2.128`.
      ipv4.lastIndex = group;
      if (ipv4.test(text)) {
        at = ipv4.lastIndex;
        groups += 1;
      }
      break;
    }
    if (text.charCodeAt(at) !== 58 || at - start > 38) break;
    if (text.charCodeAt(at + 1) === 58) {
      if (compressedAt !== -1) return -1;
      compressedAt = at;
      at += 2;
    } else if (isHex(text.charCodeAt(at + 1))) at += 1;
    else break;
    if (groups > 8) return -1;
  }
  if (!hasDigit || (compressedAt === -1 ? groups !== 8 : groups > 7)) return -1;
  return isAssigned(text, start) || (groups === 1 && compressedAt === start && text.charCodeAt(at - 1) === 49 && at === start + 3)
    ? at
    : -1;
}

function isAssigned(text: string, start: number): boolean {
  assignedIpv6.lastIndex = start;
  return assignedIpv6.test(text);
}

function macAt(text: string, at: number): Range | undefined {
  const start = at - 2;
  const separator = text.charCodeAt(at);
  if (start < 0 || text.charCodeAt(at + 3) !== separator || !isHex(text.charCodeAt(start + 1)) || !isHex(text.charCodeAt(start)))
    return undefined;
  const before = text.charCodeAt(start - 1);
  if (before === separator || isAlphanumeric(before)) return undefined;
  mac.lastIndex = start;
  if (!mac.test(text)) return undefined;
  const found = text.slice(start, mac.lastIndex);
  if (/^(?:(?:00[:-]){5}00|(?:ff[:-]){5}ff)$/i.test(found)) return undefined;
  // Pairs of digits with hyphens are dates and part numbers.
  return separator === 45 && !/[a-f]/i.test(found) ? undefined : { start, end: mac.lastIndex };
}

function isLocal(pattern: RegExp, text: string, { start }: Range): boolean {
  pattern.lastIndex = start;
  return pattern.test(text);
}

const beforeColon = `${hexDigits}:`;

export const networkDetectors = [
  {
    name: 'ipv4',
    doc: 'IPv4 addresses, private ranges included. Not versions, section numbers, nor loopback, unspecified, link-local and broadcast addresses.',
    preset: 'pii',
    number: 'long or grouped',
    cost: 16,
    find: (text: string, at: number, surroundings: Surroundings): Range | undefined => {
      const range = ipv4At(text, at, surroundings);
      return range === undefined || isLocal(localIpv4, text, range) ? undefined : range;
    },
  },
  {
    name: 'ipv6',
    doc: 'IPv6 addresses of the ranges given out, compressed or not; not loopback and link-local ones.',
    preset: 'pii',
    at: ':',
    behind: beforeColon,
    cost: 8,
    find: (text: string, at: number): Range | undefined => {
      const range = ipv6At(text, at);
      return range === undefined || isLocal(localIpv6, text, range) ? undefined : range;
    },
  },
  {
    name: 'mac_address',
    doc: 'MAC addresses with colons or hyphens; with hyphens a letter is asked.',
    preset: 'pii',
    at: ':-',
    behind: hexDigits,
    cost: 2,
    find: macAt,
  },
  {
    name: 'local_ipv4',
    doc: 'Loopback, unspecified, link-local and broadcast IPv4 addresses. Only in `strict`.',
    preset: 'strict',
    number: 'long or grouped',
    cost: 16,
    find: (text: string, at: number, surroundings: Surroundings): Range | undefined => {
      const range = ipv4At(text, at, surroundings);
      return range !== undefined && isLocal(localIpv4, text, range) ? range : undefined;
    },
  },
  {
    name: 'local_ipv6',
    doc: 'Loopback, link-local and link multicast IPv6 addresses. Only in `strict`.',
    preset: 'strict',
    at: ':',
    behind: beforeColon,
    cost: 8,
    find: (text: string, at: number): Range | undefined => {
      const range = ipv6At(text, at);
      return range !== undefined && isLocal(localIpv6, text, range) ? range : undefined;
    },
  },
] as const satisfies readonly (PlaceDetector | FreeNumberDetector)[];
