/** What the tables of this folder hold: per family of functions what they give, and what they refuse. Every function has a row of each kind. */
import type { Value } from '../../../src/model/value.ts';
import type { OttlValue } from '../../../src/ottl/value.ts';

export type Attributes = Readonly<Record<string, Value>>;

/** Of converters: `a["x"]` is an attribute of `attributes.ts`. A refusal may come at load or at run. */
export interface Cases {
  readonly results: readonly (readonly [expression: string, result: OttlValue])[];
  readonly refused: readonly (readonly [expression: string, message: RegExp])[];
}

/** Of editors: `a` is the span's attributes, which the row gives. */
export interface EditorCases {
  readonly results: readonly (readonly [statement: string, before: Attributes, after: Readonly<Record<string, OttlValue>>])[];
  readonly refused: readonly (readonly [statement: string, before: Attributes, message: RegExp])[];
}
