import type { Value } from '../../model/value.ts';
import { floatLike, intLike } from '../../ottl/like.ts';
import { textOf } from '../text-of.ts';

export const convertedTypes = ['int', 'double', 'string'] as const;
export type ConvertedType = (typeof convertedTypes)[number];

/** The value in another type; as it was if it has no such form. */
export function convert(value: Value, type: ConvertedType): Value {
  if (type === 'string') return textOf(value);
  if (value === null || typeof value === 'object') return value;
  return (type === 'int' ? intLike(value) : floatLike(value)) ?? value;
}
