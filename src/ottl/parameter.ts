import type { Evaluation } from './evaluation.ts';
import type { Pattern } from './pattern/pattern.ts';
import type { Duration, OttlList, OttlMap, OttlType, OttlValue, Time } from './value.ts';

/** Computes an argument for the record under way. Throws `OttlError` if the value has another type than `T`. */
export interface Getter<T> {
  (evaluation: Evaluation): T;
  /** Set where the value is known at load: prepare with it once. */
  readonly constant?: T;
  /** Set where the value is one attribute, which can be asked things without making the value. */
  readonly attribute?: AttributeQuery;
  /** Set where the value may be an int that can be told roughly without making it. */
  readonly estimate?: Estimate;
}

/** An int as a number, for comparisons that are clear without the last digits. */
export interface Estimate {
  /** How far from the int at most; 0 = it is the int. */
  readonly errorMax: number;
  /** NaN where nothing can be told: it is no int, or too large for a number. */
  number(evaluation: Evaluation): number;
}

/** What can be asked of an attribute as it stands on the wire. */
export interface AttributeQuery {
  typeOf(evaluation: Evaluation): OttlType;
  /** A test whether it is this text. */
  textTest(text: string): (evaluation: Evaluation) => boolean;
}

/** A place that can be read and written: the path of an argument. */
export interface Target {
  get(evaluation: Evaluation): OttlValue;
  /** Throws `OttlError` if the place does not take such a value. */
  set(evaluation: Evaluation, value: OttlValue): void;
}

/** What `Attributes` and a `Map` have in common. Its values are shared: replace them, never change them. */
export interface MutableMap extends Iterable<[string, OttlValue]> {
  readonly size: number;
  get(key: string): OttlValue | undefined;
  has(key: string): boolean;
  set(key: string, value: OttlValue): unknown;
  delete(key: string): boolean;
  keys(): Iterable<string>;
  /** Only attributes have it. Whether anything was deleted. `place` is where a key stands, for whoever wants to remember. */
  deleteWhere?(isUnwanted: (key: string, place: number) => boolean): boolean;
}

/** A map that is changed in place: `const map = target.open(e); …; target.save(e, map)`. */
export interface MapTarget {
  /** Throws `OttlError` if there is no map. */
  open(evaluation: Evaluation): MutableMap;
  /** Puts the map that `open` gave back to its place. Call it once, after the last change. */
  save(evaluation: Evaluation, map: MutableMap): void;
}

/** `(a, b) => …` of a statement. Missing arguments are nil. */
export interface Lambda {
  /** Number of names before the arrow. */
  readonly arity: number;
  call(evaluation: Evaluation, ...args: readonly OttlValue[]): OttlValue;
}

/** A converter passed by its bare name, e.g. `SHA256`: applied to one value. */
export type ConverterReference = (evaluation: Evaluation, value: OttlValue) => OttlValue;

interface GetterTypes {
  any: OttlValue;
  string: string;
  int: bigint;
  float: number;
  bool: boolean;
  bytes: Uint8Array;
  list: OttlList;
  map: OttlMap;
  time: Time;
  duration: Duration;
  stringLike: string | null;
  intLike: bigint | null;
  floatLike: number | null;
  boolLike: boolean | null;
  bytesLike: Uint8Array | null;
}

interface LiteralTypes {
  string: string;
  int: bigint;
  float: number;
  bool: boolean;
}

export type GetterType = keyof GetterTypes;
export type LiteralType = keyof LiteralTypes;

/** What an argument must be; how the checker builds it. */
export type ParameterShape =
  | { readonly kind: 'literal'; readonly type: LiteralType }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'getter'; readonly type: GetterType }
  | { readonly kind: 'pattern' }
  | { readonly kind: 'target' }
  | { readonly kind: 'mapTarget' }
  | { readonly kind: 'list'; readonly of: ParameterShape }
  | { readonly kind: 'enumeration' }
  | { readonly kind: 'converterReference' }
  | { readonly kind: 'lambda'; readonly arities: readonly number[] };

/** One parameter; `T` is what `compile` gets for it. */
export interface Parameter<T> {
  readonly shape: ParameterShape;
  readonly optional: boolean;
  /** What `compile` gets if the argument is left out. */
  readonly fallback: T | undefined;
}

export type ParametersOf<P extends Readonly<Record<string, Parameter<unknown>>>> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

function required<T>(shape: ParameterShape): Parameter<T> {
  return { shape, optional: false, fallback: undefined };
}

/** Written in the statement itself, known at load: Go's plain `string`, `int64`, `float64`, `bool`. */
export const literal: { readonly [Type in LiteralType]: Parameter<LiteralTypes[Type]> } = {
  string: required({ kind: 'literal', type: 'string' }),
  int: required({ kind: 'literal', type: 'int' }),
  float: required({ kind: 'literal', type: 'float' }),
  bool: required({ kind: 'literal', type: 'bool' }),
};

function getterOf<Type extends GetterType>(type: Type): Parameter<Getter<GetterTypes[Type]>> {
  return required({ kind: 'getter', type });
}

/**
 * Any value expression. `string` … `duration` throw at run on another type or nil (Go's `StringGetter` …).
 * The `…Like` ones convert, keep nil as nil, and give nil for text that does not parse (Go's `StringLikeGetter` …).
 */
export const getter: { readonly [Type in GetterType]: Parameter<Getter<GetterTypes[Type]>> } = {
  any: getterOf('any'),
  string: getterOf('string'),
  int: getterOf('int'),
  float: getterOf('float'),
  bool: getterOf('bool'),
  bytes: getterOf('bytes'),
  list: getterOf('list'),
  map: getterOf('map'),
  time: getterOf('time'),
  duration: getterOf('duration'),
  stringLike: getterOf('stringLike'),
  intLike: getterOf('intLike'),
  floatLike: getterOf('floatLike'),
  boolLike: getterOf('boolLike'),
  bytesLike: getterOf('bytesLike'),
};

/** One of some words, in double quotes. */
export function choice<const Word extends string>(...choices: readonly Word[]): Parameter<Word> {
  return required({ kind: 'choice', choices });
}

/** A regular expression: a literal is compiled at load, anything else when its text changes. */
export const pattern: Parameter<Getter<Pattern>> = required({ kind: 'pattern' });

/** A path that is read and written. */
export const target: Parameter<Target> = required({ kind: 'target' });

/** A path to a map that is changed in place. */
export const mapTarget: Parameter<MapTarget> = required({ kind: 'mapTarget' });

/** A list literal whose every element is such an argument. */
export function listOf<T>(element: Parameter<T>): Parameter<readonly T[]> {
  return required({ kind: 'list', of: element.shape });
}

/** An enum symbol, e.g. `SPAN_KIND_SERVER`. */
export const enumeration: Parameter<bigint> = required({ kind: 'enumeration' });

export const converterReference: Parameter<ConverterReference> = required({ kind: 'converterReference' });

/** A lambda with one of these numbers of names. */
export function lambda(...arities: readonly number[]): Parameter<Lambda> {
  return required({ kind: 'lambda', arities });
}

/** May be left out; then `compile` gets `fallback`. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined>;
export function optional<T>(parameter: Parameter<T>, fallback: T): Parameter<T>;
export function optional<T>(parameter: Parameter<T>, fallback?: T): Parameter<T | undefined> {
  return { shape: parameter.shape, optional: true, fallback };
}
