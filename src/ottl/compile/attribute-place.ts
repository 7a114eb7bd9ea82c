import { AttributeKey } from '../../model/attribute-key.ts';
import { type Bytes, bytes } from '../../model/bytes.ts';
import type { Value, ValueType } from '../../model/value.ts';
import { type AttributesOwner, attributesOf } from '../contexts/field.ts';
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
 * One attribute by a name that is known at load. What a statement asks of it is answered without making its value, where that can be. Spans
 * of one kind often have the same values, so that of the last one is the guess for the next.
 */
export class AttributePlace implements AttributeQuery, Estimate {
  readonly errorMax = 0;
  readonly #owner: AttributesOwner;
  readonly #key: AttributeKey;
  #lastText = '';

  constructor(owner: AttributesOwner, name: string) {
    this.#owner = owner;
    this.#key = new AttributeKey(name);
  }

  /** Nil if there is none. */
  get(evaluation: Evaluation): Value {
    const attributes = attributesOf(this.#owner, evaluation);
    const position = attributes.locate(this.#key);
    if (position < 0) return null;
    const value = attributes.valueAt(position, this.#lastText);
    if (typeof value === 'string' && value.length <= rememberedLengthMax) this.#lastText = value;
    return value;
  }

  number(evaluation: Evaluation): number {
    const attributes = attributesOf(this.#owner, evaluation);
    const position = attributes.locate(this.#key);
    return position < 0 ? Number.NaN : attributes.numberAt(position);
  }

  set(evaluation: Evaluation, value: Value): void {
    attributesOf(this.#owner, evaluation).put(this.#key, value);
  }

  typeOf(evaluation: Evaluation): OttlType {
    const attributes = attributesOf(this.#owner, evaluation);
    const position = attributes.locate(this.#key);
    return position < 0 ? 'nil' : types[attributes.typeAt(position)];
  }

  /** A test whether it is this text, on the bytes as long as nobody changed them. */
  textTest(text: string): (evaluation: Evaluation) => boolean {
    const wanted = bytes.from(text, 'utf8');
    return (evaluation) => {
      const attributes = attributesOf(this.#owner, evaluation);
      const position = attributes.locate(this.#key);
      if (position < 0) return false;
      const range = attributes.textAt(position);
      if (range === undefined) return attributes.valueAt(position) === text;
      return range.end - range.start === wanted.length && sameBytes(range.source, range.start, wanted);
    };
  }
}

/** A loop: constants in statements are short, and a call into the runtime costs as much as forty bytes of it. */
function sameBytes(source: Bytes, start: number, wanted: Bytes): boolean {
  for (let at = 0; at < wanted.length; at++) if (source[start + at] !== wanted[at]) return false;
  return true;
}
