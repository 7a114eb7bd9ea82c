/** What a text or a number says, however it is spelled. */

/** Numbers with fewer digits are nobody's. */
export const wholeNumberMin = 100_000_000;
const written = /^\d{9,24}$/;

/** The digits of a whole number that may be somebody's: `4.111111111111111e15` is 4111111111111111. `undefined` for counts, measures and what is negative. */
export function wholeNumber(text: string): string | undefined {
  if (text.length < 9) return undefined;
  if (written.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= wholeNumberMin ? `${number}` : undefined;
}

const escapes = /\\(?:u00([2-7][\da-f])|[\\/])/gi;

/**
 * Escapes of JSON that stand for a printable ASCII character or a slash, resolved. A text with such escapes that could not be read as JSON is a part of
 * one, or a program: what is written in them would be passed over. A doubled backslash is one character, so nothing begins with its second half.
 */
export function spelledOut(text: string): string {
  return text.includes('\\') ? text.replace(escapes, resolved) : text;
}

function resolved(found: string, code: string | undefined): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return found === '\\/' ? '/' : found;
}
