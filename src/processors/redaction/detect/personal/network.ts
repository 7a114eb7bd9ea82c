/** Addresses of machines. */
import { hexDigits, isAlphanumeric, isDigit, isHex, isWord } from '../characters.ts';
import type { FreeNumberDetector, PlaceDetector, Range, Surroundings } from '../detector.ts';

const ipv4 = /(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(?![\w-]|\.\d)/y;
const ipv6 = /[\da-f:]{2,39}/iy;
const mac = /[\da-f]{2}(?:(?::[\da-f]{2}){5}|(?:-[\da-f]{2}){5})(?![\w:-])/iy;

/** Loopback, unspecified, link-local and broadcast addresses say nothing of a person. */
const localIpv4 = /^(?:127\.|0\.|169\.254\.|255\.255\.)/;
const localIpv6 = /^(?:::1?$|fe80:|ff0)/i;
const beforeVersion = /(?:\bv|ver(?:sion)?s?\.?|release|build|rev|sdk|section|chapter|§|[a-z]\/)[\s:="'`]{0,4}$/i;
/** Characters of a value that is a version and nothing else. */
const versionMax = 16;
const assignedIpv6 = /^(?:[23][\da-f]{3}:|f[cd][\da-f]{2}:|fe[89ab][\da-f]:|ff0[\da-f]:|64:ff9b:|::ffff:)/i;

function ipv4At(text: string, at: number, key: string | undefined): Range | undefined {
  const second = text.charCodeAt(at + 1);
  if (second !== 46 && !(isDigit(second) && (text.charCodeAt(at + 2) === 46 || text.charCodeAt(at + 3) === 46))) return undefined;
  const before = text.charCodeAt(at - 1);
  if (before === 46 || before === 45 || isWord(before)) return undefined;
  ipv4.lastIndex = at;
  if (!ipv4.test(text)) return undefined;
  if ((key !== undefined && text.length <= versionMax && /version/i.test(key)) || beforeVersion.test(text.slice(Math.max(0, at - 16), at)))
    return undefined;
  const end = ipv4.lastIndex;
  return isHeading(text, at, end) ? undefined : { start: at, end };
}

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
  ipv6.lastIndex = start;
  if (!ipv6.test(text)) return undefined;
  let end = ipv6.lastIndex;
  if (text.charCodeAt(end - 1) === 58 && text.charCodeAt(end - 2) !== 58) end -= 1;
  if (text.charCodeAt(end) === 46) end = dottedEnd(text, end);
  if (isWord(text.charCodeAt(end)) || !isIpv6(text.slice(start, end))) return undefined;
  return { start, end };
}

/** The last 32 bits may be written as an IPv4 address: `::ffff:192.0.2.128`. */
function dottedEnd(text: string, end: number): number {
  ipv4.lastIndex = text.lastIndexOf(':', end) + 1;
  return ipv4.test(text) ? ipv4.lastIndex : end;
}

/** RFC 4291 section 2.2, of the ranges that are given out. */
function isIpv6(text: string): boolean {
  if (!assignedIpv6.test(text) && text !== '::1') return false;
  if (!/\d/.test(text)) return false;
  const dotted = text.lastIndexOf('.') === -1 ? 0 : 1;
  const groups = text.split(':');
  const compressed = text.indexOf('::') !== -1;
  if (compressed && text.indexOf('::', text.indexOf('::') + 1) !== -1) return false;
  if (groups.some((group) => group.length > 4 && !group.includes('.'))) return false;
  const count = groups.filter((group) => group !== '').length + dotted;
  return compressed ? count <= 7 : count === 8;
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

const isLocal = (text: string, range: Range): boolean => {
  const address = text.slice(range.start, range.end);
  return localIpv4.test(address) || localIpv6.test(address);
};

const beforeColon = `${hexDigits}:`;

export const networkDetectors = [
  {
    name: 'ipv4',
    doc: 'IPv4 addresses, private ranges included. Not versions, section numbers, nor loopback, unspecified, link-local and broadcast addresses.',
    preset: 'pii',
    number: 'long or grouped',
    cost: 16,
    find: (text: string, at: number, { key }: Surroundings): Range | undefined => {
      const range = ipv4At(text, at, key);
      return range === undefined || isLocal(text, range) ? undefined : range;
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
      return range === undefined || isLocal(text, range) ? undefined : range;
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
    find: (text: string, at: number, { key }: Surroundings): Range | undefined => {
      const range = ipv4At(text, at, key);
      return range !== undefined && isLocal(text, range) ? range : undefined;
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
      return range !== undefined && isLocal(text, range) ? range : undefined;
    },
  },
] as const satisfies readonly (PlaceDetector | FreeNumberDetector)[];
