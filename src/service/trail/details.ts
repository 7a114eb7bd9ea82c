const detailsMax = 8_192;
const charactersMax = 512;
const forgotten = ['', 'more is not remembered: there were too many different details'] as const;

/** Component and text of a row as one number: rows repeat few of them. Bounded: what is one too many gets the number 0. */
export class Details {
  readonly #pairs: (readonly [component: string, text: string])[] = [forgotten];
  readonly #numbers = new Map<string, Map<string, number>>();
  /** Rows that follow each other mostly have the same detail. */
  #lastComponent = '';
  #lastText = '';
  #last = 0;

  of(component: string, text: string): number {
    if (component === this.#lastComponent && text === this.#lastText) return this.#last;
    this.#last = this.#numbers.get(component)?.get(text) ?? this.#add(component, text);
    this.#lastComponent = component;
    this.#lastText = text;
    return this.#last;
  }

  get(number: number): readonly [component: string, text: string] {
    return this.#pairs[number] ?? forgotten;
  }

  #add(component: string, text: string): number {
    if (this.#pairs.length >= detailsMax || text.length > charactersMax) return 0;
    let numbers = this.#numbers.get(component);
    if (!numbers) this.#numbers.set(component, (numbers = new Map()));
    const number = this.#pairs.push([component, text]) - 1;
    numbers.set(text, number);
    return number;
  }
}
