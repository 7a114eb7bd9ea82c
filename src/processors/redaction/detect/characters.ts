/** Classes of UTF-16 codes. What is not ASCII is no word character here: every detector's alphabet is ASCII. */

const digit = 1;
const lower = 2;
const upper = 4;
const hex = 8;

const classes = new Uint8Array(128);
for (let code = 48; code <= 57; code += 1) classes[code] = digit | hex;
for (let code = 65; code <= 90; code += 1) classes[code] = upper | (code <= 70 ? hex : 0);
for (let code = 97; code <= 122; code += 1) classes[code] = lower | (code <= 102 ? hex : 0);

const classOf = (code: number): number => (code < 128 ? (classes[code] as number) : 0);

/** `NaN`, which `charCodeAt` answers outside the text, is in no class. */
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isLetter = (code: number): boolean => (classOf(code) & (lower | upper)) !== 0;
export const isAlphanumeric = (code: number): boolean => (classOf(code) & (digit | lower | upper)) !== 0;
export const isUpper = (code: number): boolean => (classOf(code) & upper) !== 0;
export const isHex = (code: number): boolean => (classOf(code) & hex) !== 0;
export const isWord = (code: number): boolean => code === 95 || isAlphanumeric(code);
/** Letters of any script, as far as e-mail addresses and names care. */
export const isBeyondAscii = (code: number): boolean => code > 127;

const range = (first: string, last: string): string =>
  String.fromCharCode(...Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_, at) => first.charCodeAt(0) + at));

export const digits = range('0', '9');
export const hexDigits = `${digits}${range('a', 'f')}${range('A', 'F')}`;
export const wordCharacters = `${digits}${range('a', 'z')}${range('A', 'Z')}_`;
export const asciiCharacters = range('\0', '\x7f');
