import type { OttlValue } from '../../value.ts';
import type { Directive } from './directive.ts';
import { goType, plainText } from './go-text.ts';
import { render } from './render.ts';

/** Flags, then width and precision, each a number, `*` or nothing, each after an optional `[n]`; then the verb. */
const directivePattern = /%([ +\-#0]*)(?:\[(\d{1,9})\])?(\*|\d{1,9})?(?:(\.)(?:\[(\d{1,9})\])?(\*|\d{1,9})?)?(?:\[(\d{1,9})\])?(.?)/gsu;
const sizeMax = 10_000;

type Size = number | undefined | 'bad';

/**
 * Go's `fmt.Sprintf`: every verb but the binary and hexadecimal floats. What does not fit is said in the text (`%!d(string=hi)`), never an error.
 * Widths and precisions above 10 000 count as bad, so that a short format cannot make a long text.
 */
export function sprintf(format: string, values: readonly OttlValue[]): string {
  const reader = new ArgumentReader(values);
  const text = format.replace(directivePattern, (_, flags: string, ...parts: (string | undefined)[]) => {
    const [widthIndex, width, point, precisionIndex, precision, verbIndex, verb = ''] = parts;
    if (verb === '') return '%!(NOVERB)';
    reader.jump(widthIndex);
    const widthSize = reader.size(width);
    reader.jump(precisionIndex);
    const precisionSize = reader.size(precision);
    reader.jump(verbIndex);
    if (verb === '%') return '%';
    const notes = (widthSize === 'bad' ? '%!(BADWIDTH)' : '') + (precisionSize === 'bad' ? '%!(BADPREC)' : '');
    const directive: Directive = {
      minus: flags.includes('-') || (typeof widthSize === 'number' && widthSize < 0),
      plus: flags.includes('+'),
      sharp: flags.includes('#'),
      space: flags.includes(' '),
      zero: flags.includes('0'),
      width: typeof widthSize === 'number' ? Math.abs(widthSize) : undefined,
      precision: precisionOf(precisionSize, point !== undefined),
      verb,
    };
    return notes + reader.rendered(directive);
  });
  return text + reader.rest();
}

/** A point without a number means 0; a bad or negative number means none. */
function precisionOf(size: Size, hasPoint: boolean): number | undefined {
  if (size === undefined) return hasPoint ? 0 : undefined;
  return size === 'bad' || size < 0 ? undefined : size;
}

/** Hands out the arguments in order, or from where `[n]` says. */
class ArgumentReader {
  readonly #values: readonly OttlValue[];
  #next = 0;
  #isReordered = false;
  #isBad = false;

  constructor(values: readonly OttlValue[]) {
    this.#values = values;
  }

  jump(index: string | undefined): void {
    if (index === undefined) return;
    this.#isReordered = true;
    const position = Number(index) - 1;
    this.#isBad = !(position >= 0 && position < this.#values.length);
    if (!this.#isBad) this.#next = position;
  }

  /** A width or precision: written out, or the next argument for `*`. */
  size(text: string | undefined): Size {
    if (text === undefined) return undefined;
    const size = text === '*' ? this.#values[this.#next++] : BigInt(text);
    if (typeof size !== 'bigint') return 'bad';
    return size <= sizeMax && size >= -sizeMax ? Number(size) : 'bad';
  }

  rendered(directive: Directive): string {
    if (this.#isBad) {
      this.#isBad = false;
      return `%!${directive.verb}(BADINDEX)`;
    }
    if (this.#next >= this.#values.length) return `%!${directive.verb}(MISSING)`;
    return render(directive, this.#values[this.#next++] as OttlValue);
  }

  /** What nobody asked for. */
  rest(): string {
    if (this.#isReordered || this.#next >= this.#values.length) return '';
    const extra = this.#values.slice(this.#next).map((value) => (value === null ? '<nil>' : `${goType(value)}=${plainText(value)}`));
    return `%!(EXTRA ${extra.join(', ')})`;
  }
}
