import { OttlError } from '../../fault.ts';

/** A text that is read from left to right. Its errors name the place, never the text. */
export class TimeText {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  fail(what: string): never {
    throw new OttlError(`cannot parse time: ${what} at character ${this.at + 1}`);
  }

  /** `count` digits, or up to `count` with at least `least`. */
  digits(what: string, count: number, least = count): number {
    let end = this.at;
    while (end < this.at + count && this.text.charCodeAt(end) >= 48 && this.text.charCodeAt(end) <= 57) end++;
    if (end - this.at < least) this.fail(`expected ${what}`);
    const value = Number(this.text.slice(this.at, end));
    this.at = end;
    return value;
  }

  skipSpaces(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  /** The number of the longest name that stands here, whatever its case. */
  name(what: string, names: readonly (readonly string[])[]): number {
    let best = -1;
    let length = 0;
    names.forEach((spellings, index) => {
      for (const spelling of spellings) {
        if (spelling.length <= length) continue;
        if (this.text.slice(this.at, this.at + spelling.length).toLowerCase() !== spelling.toLowerCase()) continue;
        best = index;
        length = spelling.length;
      }
    });
    if (best < 0) this.fail(`expected ${what}`);
    this.at += length;
    return best;
  }

  /** A space of the layout stands for any number of spaces. */
  literal(text: string): void {
    for (const character of text) {
      if (character === ' ') this.skipSpaces();
      else if (this.text.startsWith(character, this.at)) this.at += character.length;
      else this.fail(`expected "${character}"`);
    }
  }
}
