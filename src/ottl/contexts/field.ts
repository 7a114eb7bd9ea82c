import type { Attributes } from '../../model/value.ts';
import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Getter, ResultType } from '../function.ts';
import { isMap, type OttlMap, type OttlValue, typeOf } from '../value.ts';

/** One value without keys. Without `set` it is read-only. */
export interface ScalarField {
  readonly kind: 'scalar';
  readonly type: ResultType;
  readonly get: Getter<OttlValue>;
  readonly set: ((evaluation: Evaluation, value: OttlValue) => void) | undefined;
}

/** Who has attributes, by its name in an evaluation. */
export type AttributesOwner = 'resource' | 'scope' | 'span' | 'spanEvent' | 'spanLink' | 'log';

/** A switch, since the engine can inline it where it could not inline one of several closures, nor a field of one of several names. */
export function attributesOf(owner: AttributesOwner, evaluation: Evaluation): Attributes {
  switch (owner) {
    case 'span':
      return evaluation.span.attributes;
    case 'resource':
      return evaluation.resource.attributes;
    case 'log':
      return evaluation.log.attributes;
    case 'spanEvent':
      return evaluation.spanEvent.attributes;
    case 'scope':
      return evaluation.scope.attributes;
    case 'spanLink':
      return evaluation.spanLink.attributes;
  }
}

/** Attributes: a map with keys. */
export interface AttributesField {
  readonly kind: 'attributes';
  readonly owner: AttributesOwner;
}

/** A value of any type that may have keys, such as the body of a log record. */
export interface ValueField {
  readonly kind: 'value';
  readonly get: (evaluation: Evaluation) => OttlValue;
  readonly set: (evaluation: Evaluation, value: OttlValue) => void;
}

/** Names with text: a whole, and entries by exactly one string key. `entryType` is what an entry is. */
export interface EntriesField {
  readonly kind: 'entries';
  readonly type: ResultType;
  readonly get: (evaluation: Evaluation) => OttlValue;
  readonly set: ((evaluation: Evaluation, value: OttlValue) => void) | undefined;
  readonly entry: (evaluation: Evaluation, key: string) => OttlValue;
  readonly setEntry: ((evaluation: Evaluation, key: string, value: string) => void) | undefined;
}

/** The scratch map of the record under way. */
export interface CacheField {
  readonly kind: 'cache';
}

export type Field = ScalarField | AttributesField | ValueField | EntriesField | CacheField;

/** Fields of a context by their name, dots included: `status.code`. */
export type Fields = Readonly<Record<string, Field>>;

function wrongType(wanted: string, value: OttlValue): OttlError {
  return new OttlError(`cannot set path: expected ${wanted}, got ${typeOf(value)}`);
}

export function expectString(value: OttlValue): string {
  if (typeof value !== 'string') throw wrongType('string', value);
  return value;
}

export function expectInt(value: OttlValue): bigint {
  if (typeof value !== 'bigint') throw wrongType('int', value);
  return value;
}

export function expectMap(value: OttlValue): OttlMap {
  if (!isMap(value)) throw wrongType('map', value);
  return value;
}

export function readOnly(type: ResultType, get: ScalarField['get']): ScalarField {
  return { kind: 'scalar', type, get, set: undefined };
}

export function text(get: (evaluation: Evaluation) => string, set: (evaluation: Evaluation, value: string) => void): ScalarField {
  return { kind: 'scalar', type: 'string', get, set: (evaluation, value) => set(evaluation, expectString(value)) };
}

/** An int of 32 bits, signed or not; a value outside wraps, as Go's conversion does. */
export function int32(
  get: (evaluation: Evaluation) => number,
  set: (evaluation: Evaluation, value: number) => void,
  signed = false,
): ScalarField {
  const wrap = signed ? BigInt.asIntN : BigInt.asUintN;
  return {
    kind: 'scalar',
    type: 'int',
    get: Object.assign((evaluation: Evaluation) => BigInt(get(evaluation)), { estimate: { errorMax: 0, number: get } }),
    set: (evaluation, value) => set(evaluation, Number(wrap(32, expectInt(value)))),
  };
}

export function attributes(owner: AttributesOwner): AttributesField {
  return { kind: 'attributes', owner };
}
