/** One `%…` of a format: flags, width, precision, verb. */
export interface Directive {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  width: number | undefined;
  precision: number | undefined;
  verb: string;
}

/** Spaces, or zeros where they are asked for, up to the width, which counts characters. */
export function pad(directive: Directive, text: string, zeros = directive.zero && !directive.minus): string {
  const missing = (directive.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (directive.minus) return text + ' '.repeat(missing);
  return (zeros ? '0' : ' ').repeat(missing) + text;
}

export function signOf(directive: Directive, negative: boolean): string {
  return negative ? '-' : directive.plus ? '+' : directive.space ? ' ' : '';
}

/** Zeros go between the sign and the digits. */
export function padNumber(directive: Directive, sign: string, digits: string, zeros: boolean): string {
  if (!zeros || directive.minus) return pad(directive, sign + digits, false);
  return sign + digits.padStart((directive.width ?? 0) - sign.length, '0');
}
