import { type Bytes, bytes } from '../../model/bytes.ts';
import { internalized } from '../../model/internalized.ts';
import type { Attributes, Value, ValueType } from '../../model/value.ts';
import type { Evaluation } from '../evaluation.ts';
import type { AttributeQuery, Estimate } from '../parameter.ts';
import type { OttlType } from '../value.ts';

const types: Readonly<Record<ValueType, OttlType>> = {
  empty: 'nil',
  string: 'string',
  bool: 'bool',
  int: 'int',
  double: 'float',
  array: 'list',
  map: 'map',
  bytes: 'bytes',
};

/** Longer texts are not kept beyond their request. */
const rememberedLengthMax = 64;

/**
 * One attribute by a name that is known at load. What a statement asks of it is answered without making its value, where that can be. Spans of one
 * kind have their keys in the same places, and often the same values, so those of the last one are the guess for the next.
 */
export class AttributePlace implements AttributeQuery, Estimate {
  readonly errorMax = 0;
  readonly #of: (evaluation: Evaluation) => Attributes;
  readonly #name: string;
  #guess = 0;
  #lastText = '';

  constructor(of: (evaluation: Evaluation) => Attributes, name: string) {
    this.#of = of;
    this.#name = internalized(name);
  }

  /** Nil if there is none. */
  get(evaluation: Evaluation): Value {
    const attributes = this.#of(evaluation);
    const position = this.#positionIn(attributes);
    if (position < 0) return null;
    const value = attributes.valueAt(position, this.#lastText);
    if (typeof value === 'string' && value.length <= rememberedLengthMax) this.#lastText = value;
    return value;
  }

  number(evaluation: Evaluation): number {
    const attributes = this.#of(evaluation);
    const position = this.#positionIn(attributes);
    return position < 0 ? Number.NaN : attributes.numberAt(position);
  }

  set(evaluation: Evaluation, value: Value): void {
    this.#of(evaluation).set(this.#name, value);
  }

  typeOf(evaluation: Evaluation): OttlType {
    const attributes = this.#of(evaluation);
    const position = this.#positionIn(attributes);
    return position < 0 ? 'nil' : types[attributes.typeAt(position)];
  }

  /** A test whether it is this text, on the bytes as long as nobody changed them. */
  textTest(text: string): (evaluation: Evaluation) => boolean {
    const wanted = bytes.from(text, 'utf8');
    return (evaluation) => {
      const attributes = this.#of(evaluation);
      const position = this.#positionIn(attributes);
      if (position < 0) return false;
      const range = attributes.textAt(position);
      if (range === undefined) return attributes.valueAt(position) === text;
      return range.end - range.start === wanted.length && sameBytes(range.source, range.start, wanted);
    };
  }

  #positionIn(attributes: Attributes): number {
    const position = attributes.positionOf(this.#name, this.#guess);
    if (position >= 0) this.#guess = position;
    return position;
  }
}

/** A loop: constants in statements are short, and a call into the runtime costs as much as forty bytes of it. */
function sameBytes(source: Bytes, start: number, wanted: Bytes): boolean {
  for (let at = 0; at < wanted.length; at++) if (source[start + at] !== wanted[at]) return false;
  return true;
}
