import { OttlError } from '../../fault.ts';

/** The parts of a time that a format may name. The words are Go's reference time: Mon Jan 2 15:04:05 MST 2006. */
export type Field =
  | '2006'
  | '06'
  | '01'
  | '_1'
  | '1'
  | 'Jan'
  | 'January'
  | '02'
  | '_2'
  | '2'
  | '002'
  | '__2'
  | 'Mon'
  | 'Monday'
  | '15'
  | '03'
  | '3'
  | '04'
  | '4'
  | '05'
  | '5'
  | 'PM'
  | 'pm'
  | 'MST'
  | Offset;

type Offset = '-07' | '-0700' | '-07:00' | '-070000' | '-07:00:00' | 'Z07' | 'Z0700' | 'Z07:00' | 'Z070000' | 'Z07:00:00';

export type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field }
  /** Fraction of a second with its separator. `exact`: that many digits, else trailing zeros may be missing. */
  | { readonly kind: 'fraction'; readonly separator: string; readonly digits: number; readonly exact: boolean; readonly padded: boolean };

export type Layout = readonly Token[];

const directives: Readonly<Record<string, string>> = {
  Y: '2006',
  y: '06',
  m: '01',
  o: '_1',
  q: '1',
  b: 'Jan',
  h: 'Jan',
  B: 'January',
  d: '02',
  e: '_2',
  g: '2',
  a: 'Mon',
  A: 'Monday',
  H: '15',
  I: '03',
  l: '3',
  p: 'PM',
  P: 'pm',
  M: '04',
  S: '05',
  z: '-0700',
  Z: 'MST',
  i: '-07',
  j: '-07:00',
  k: '-07:00:00',
  w: '-070000',
  D: '01/02/2006',
  x: '01/02/2006',
  F: '2006-01-02',
  T: '15:04:05',
  X: '15:04:05',
  r: '03:04:05 pm',
  R: '15:04',
  n: '\n',
  t: '\t',
  c: 'Mon Jan 02 15:04:05 2006',
};

const fractionDigits: Readonly<Record<string, number>> = { L: 3, f: 6, s: 9 };

/** Longest first: the first that fits at a place is meant there. */
const goPattern =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2|_1|002|01|02|03|04|05|06|15|PM|pm|[-Z]07:00:00|[-Z]070000|[-Z]07:00|[-Z]0700|[-Z]07|[.,](?:0+|9+)(?![0-9])|[1-5]/g;

/** A layout of Go, such as `2006-01-02T15:04:05Z07:00`. */
function parseGoLayout(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const found of text.matchAll(goPattern)) {
    const word = found[0];
    if (found.index > end) tokens.push({ kind: 'literal', text: text.slice(end, found.index) });
    end = found.index + word.length;
    if (word[0] === '.' || word[0] === ',') {
      tokens.push({ kind: 'fraction', separator: word[0], digits: word.length - 1, exact: word[1] === '0', padded: word[1] === '0' });
    } else tokens.push({ kind: 'field', field: word as Field });
  }
  if (end < text.length) tokens.push({ kind: 'literal', text: text.slice(end) });
  return tokens;
}

function parseDirective(letter: string, tokens: Token[]): void {
  const digits = Object.hasOwn(fractionDigits, letter) ? fractionDigits[letter] : undefined;
  if (digits !== undefined) tokens.push(takeSeparator(letter, digits, tokens));
  else if (letter === '%') tokens.push({ kind: 'literal', text: '%' });
  else {
    const layout = Object.hasOwn(directives, letter) ? directives[letter] : undefined;
    if (layout === undefined) throw new OttlError(`invalid format: unsupported directive %${letter}`, { parameter: 'format' });
    tokens.push(...parseGoLayout(layout));
  }
}

/** A fraction belongs to the point or comma before it: both are there or none. */
function takeSeparator(letter: string, digits: number, tokens: Token[]): Token {
  const before = tokens.pop();
  const separator = before?.kind === 'literal' ? before.text.slice(-1) : '';
  if (before?.kind !== 'literal' || (separator !== '.' && separator !== ',')) {
    throw new OttlError(`invalid fractional seconds directive: '%${letter}' must be preceded with '.' or ','`, { parameter: 'format' });
  }
  if (before.text.length > 1) tokens.push({ kind: 'literal', text: before.text.slice(0, -1) });
  return { kind: 'fraction', separator, digits, exact: false, padded: true };
}

const formatMax = 1_000;

/** A format with `%` directives, or else a layout of Go. */
export function parseLayout(format: string): Layout {
  if (format === '') throw new OttlError('invalid format: it is empty', { parameter: 'format' });
  if (format.length > formatMax) throw new OttlError(`invalid format: longer than ${formatMax} characters`, { parameter: 'format' });
  if (!format.includes('%')) return parseGoLayout(format);
  const tokens: Token[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') tokens.push({ kind: 'literal', text: literal });
    literal = '';
  };
  for (let at = 0; at < format.length; at++) {
    if (format[at] !== '%') literal += format[at];
    else {
      flush();
      parseDirective(format[++at] ?? '', tokens);
    }
  }
  flush();
  return tokens;
}
