/** Dates of birth and postal addresses. Both are guesses from words around, so they are in `strict` alone. */
import { isWord } from '../characters.ts';
import { isMonthAndDay } from '../checksum.ts';
import type { FreeNumberDetector, Range, Surroundings } from '../detector.ts';

const bornHint =
  /\bborn\b|birth|\bdob\b|d\.o\.b|geboren|geburts|\bgeb\.|\bnée? le\b|naissance|nacimiento|nacid[oa]|nascimento|nascid[oa]|\bnat[oa] (?:il|a)\b|nascita|geboorte|född|urodz|родил|рожд|生年月日|出生|जन्म/i;
const month =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|februar|märz|mai|juni|juli|okt|dez|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)[a-z]{0,7}';
const written = new RegExp(
  `(?:\\d{1,2}(?:st|nd|rd|th)?\\.?(?: de| of)? ${month}\\.?,?(?: de)? (?:19|20)\\d\\d|\\d{4}年\\d{1,2}月\\d{1,2}日)(?![\\w])`,
  'iy',
);
const monthBefore = new RegExp(`${month} $`, 'i');
const dayAndYear = /\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d(?!\w)/iy;
const numeric = /(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})([-/.])(\d{1,2})\6(\d{4}|\d\d))(?![\w])/y;

function birthAt(text: string, at: number, { hints }: Surroundings): Range | undefined {
  if (isWord(text.charCodeAt(at - 1))) return undefined;
  const range = dateAt(text, at);
  return range !== undefined && hints.has(bornHint, text, range.start, range.end) ? range : undefined;
}

function dateAt(text: string, at: number): Range | undefined {
  written.lastIndex = at;
  if (written.test(text)) return { start: at, end: written.lastIndex };
  dayAndYear.lastIndex = at;
  if (dayAndYear.test(text)) {
    const before = monthBefore.exec(text.slice(Math.max(0, at - 16), at));
    if (before !== null) return { start: at - before[0].length, end: dayAndYear.lastIndex };
  }
  numeric.lastIndex = at;
  const found = numeric.exec(text);
  if (found === null) return undefined;
  const one = Number(found[3] ?? found[5]);
  const other = Number(found[4] ?? found[7]);
  return isMonthAndDay(one, other) || isMonthAndDay(other, one) ? { start: at, end: numeric.lastIndex } : undefined;
}

const word = "[A-ZÀ-Þ][\\p{L}'’.-]{0,24}";
const kind =
  '(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Place|Pl|Terrace|Way|Parkway|Pkwy|Circle|Highway|Hwy|Crescent|Close|Row|Mews)';
const english = new RegExp(
  `\\d{1,5}[A-Za-z]?,? (?:(?:N|S|E|W|NE|NW|SE|SW)\\.? )?(?:${word} |\\d{1,3}(?:st|nd|rd|th) ){1,4}${kind}\\b\\.?(?:,? (?:NE|NW|SE|SW|N|S|E|W)\\b)?(?:,? (?:Apt|Suite|Ste|Unit|Floor|Flat|#)\\.? ?[\\w-]{1,6})?(?:, (?![A-Z]{2} \\d)${word}(?: (?![A-Z]{1,2}\\d)${word}){0,2}){0,2}(?:,? [A-Z]{2} \\d{5}(?:-\\d{4})?|,? [A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2})?`,
  'uy',
);
const romance = new RegExp(
  `\\d{1,4}(?: (?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Aa]llée|[Cc]hemin|[Qq]uai|[Ii]mpasse|[Cc]ours) (?:\\p{L}[\\p{L}'’-]{0,24}[ ,]{1,2}){1,6}\\d{5} ${word}`,
  'uy',
);
/** The name of the street before a house number. */
const streetBefore =
  /(?:\p{Lu}\p{L}{1,24}(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|gatan|vägen)|(?:\p{Lu}\p{L}{1,24} )?(?:Straße|Allee|Platz|Weg)|(?:Calle|Avenida|Av\.|Paseo|Plaza|Via|Viale|Piazza|Corso|Rua|Travessa|ul\.)(?: (?:de|del|la|las|los|da|do|dos|di|della)){0,3}(?: \p{Lu}[\p{L}'’.]{1,24}){1,3},?) (?:nº? ?)?$/u;
const houseAndTown =
  /\d{1,4}[a-zA-Z]?(?:-\d{1,4})?(?:, ?(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3}| [A-Z]{2})? \p{Lu}[\p{L}.-]{1,24}(?: \p{Lu}[\p{L}.-]{1,24})?)?(?![\p{L}\d])/uy;

function addressAt(text: string, at: number): Range | undefined {
  if (isWord(text.charCodeAt(at - 1))) return undefined;
  for (const pattern of [english, romance]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return { start: at, end: pattern.lastIndex };
  }
  const street = streetBefore.exec(text.slice(Math.max(0, at - 64), at));
  if (street === null) return undefined;
  houseAndTown.lastIndex = at;
  return houseAndTown.test(text) ? { start: at - street[0].length, end: houseAndTown.lastIndex } : undefined;
}

export const birthAndAddressDetectors = [
  {
    name: 'date_of_birth',
    doc: 'Dates near a word such as born, date of birth, geboren, né le. Only in `strict`.',
    preset: 'strict',
    number: 'any',
    cost: 32,
    find: birthAt,
  },
  {
    name: 'postal_address',
    doc: 'House number and street in the usual English, French, German, Dutch, Swedish, Spanish, Italian and Portuguese forms, with the town where it follows. Only in `strict`.',
    preset: 'strict',
    number: 'any',
    cost: 64,
    find: addressAt,
  },
] as const satisfies readonly FreeNumberDetector[];
