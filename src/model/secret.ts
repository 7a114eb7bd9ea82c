const hidden = '[REDACTED]';
const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A value that never prints: not in logs, errors, JSON, templates or dumps. Only `reveal` shows it, at the one place that sends it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  get empty(): boolean {
    return this.#value === '';
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect](): string {
    return hidden;
  }
}
