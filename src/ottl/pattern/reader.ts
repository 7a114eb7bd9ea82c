import { PatternError } from './tree.ts';

/** A position in the code points of a pattern. */
export class Reader {
  readonly #characters: readonly string[];
  position = 0;

  constructor(source: string) {
    this.#characters = [...source];
  }

  get done(): boolean {
    return this.position >= this.#characters.length;
  }

  /** '' behind the end. */
  peek(ahead = 0): string {
    return this.#characters[this.position + ahead] ?? '';
  }

  next(): string {
    const character = this.peek();
    this.position++;
    return character;
  }

  at(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.peek(index) !== text[index]) return false;
    return true;
  }

  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.position += text.length;
    return true;
  }

  /** Takes characters while they match, at most `max`. */
  takeWhile(shape: RegExp, max: number): string {
    let taken = '';
    while (taken.length < max && shape.test(this.peek())) taken += this.next();
    return taken;
  }

  /** The text from `start` to here. */
  since(start: number): string {
    return this.#characters.slice(start, this.position).join('');
  }

  refuse(reason: string, start: number): never {
    throw new PatternError(`${reason}: ${JSON.stringify(this.since(start))}`);
  }
}
