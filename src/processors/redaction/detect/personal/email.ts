/** E-mail addresses: RFC 5321's lengths, RFC 6531's letters beyond ASCII. */
import { asciiCharacters, isAlphanumeric, isBeyondAscii } from '../characters.ts';
import type { PlaceDetector, Range } from '../detector.ts';

const localMax = 64;
const domain =
  /(?:[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?\.){1,8}(?:[a-z\u00a1-\uffff]{2,24}|xn--[a-z0-9-]{2,59})(?![a-z0-9\u00a1-\uffff])/iy;
const userInfo = /\/\/(?:[^\s/@:]{0,128}:)?$/;
const endsLikeFile =
  /\.(?:js|ts|tsx|jsx|mjs|cjs|py|go|rs|java|rb|php|css|scss|html|json|yaml|yml|xml|md|txt|log|png|jpg|jpeg|gif|svg|webp|lock|local|internal|localdomain)$/i;

function localCharacter(code: number): boolean {
  if (isAlphanumeric(code) || isBeyondAscii(code)) return true;
  // . _ + - % ' & ! # * ~ ^
  return code === 46 || code === 95 || code === 43 || code === 45 || code === 37 || code === 39 || code === 38;
}

/** `https://name:password@host` is `url_credentials`' and `ssh://git@host` nobody's. */
function isUserInfo(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  return (before === 47 || before === 58) && userInfo.test(text.slice(Math.max(0, start - 132), start));
}

export const emailDetectors = [
  {
    name: 'email',
    doc: 'E-mail addresses, with plus tags and internationalised ones. The domain needs a dot and a top-level domain; file names and local host names are none.',
    preset: 'pii',
    at: '@',
    behind: asciiCharacters,
    cost: 24,
    find: (text: string, at: number): Range | undefined => {
      let start = at;
      while (at - start <= localMax && localCharacter(text.charCodeAt(start - 1))) start -= 1;
      if (start === at || at - start > localMax) return undefined;
      while (
        start < at &&
        !isAlphanumeric(text.charCodeAt(start)) &&
        !isBeyondAscii(text.charCodeAt(start)) &&
        text.charCodeAt(start) !== 95
      )
        start += 1;
      if (start === at || text.charCodeAt(at - 1) === 46 || isUserInfo(text, start)) return undefined;
      domain.lastIndex = at + 1;
      if (!domain.test(text)) return undefined;
      const end = domain.lastIndex;
      return endsLikeFile.test(text.slice(at + 1, end)) ? undefined : { start, end };
    },
  },
] as const satisfies readonly PlaceDetector[];
