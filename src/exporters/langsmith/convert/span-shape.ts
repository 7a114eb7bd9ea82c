/**
 * Spans of one program have the same keys in the same order, time and again: what follows from the keys alone is found once per list of keys.
 * Shapes are kept by their last key, since that tells more than the first; all are forgotten when there are too many, because keys come from outside.
 */
import type { Attributes } from '../../../model/value.ts';
import { compare, type Plan, planOf } from './keys.ts';

export interface Shape {
  /** By position; `undefined` where there is no attribute. */
  readonly plans: readonly (Plan | undefined)[];
  /** The positions in order of their keys. */
  readonly byKey: readonly number[];
}

const shapesMax = 1_024;
const keysMax = 128;
/** Shapes with the same last key that are looked at. */
const alikeMax = 8;

export const noShape: Shape = { plans: [], byKey: [] };
const shapes = new Map<string, Shape[]>();
let shapeCount = 0;
/** Whose turn it is to go where all places are taken. */
let turn = 0;

export function shapeOf(attributes: Attributes): Shape {
  const { length } = attributes;
  if (length === 0) return noShape;
  const last = attributes.keyAt(length - 1) ?? '';
  const alike = shapes.get(last);
  if (alike !== undefined) for (const shape of alike) if (isOf(shape, attributes)) return shape;
  const shape = newShape(attributes);
  if (length <= keysMax) keep(last, alike, shape);
  return shape;
}

function isOf({ plans }: Shape, attributes: Attributes): boolean {
  if (plans.length !== attributes.length) return false;
  for (let at = 0; at < plans.length; at++) if (plans[at]?.key !== attributes.keyAt(at)) return false;
  return true;
}

function newShape(attributes: Attributes): Shape {
  const plans: (Plan | undefined)[] = [];
  for (let at = 0; at < attributes.length; at++) {
    const key = attributes.keyAt(at);
    plans.push(key === undefined ? undefined : planOf(key));
  }
  return { plans, byKey: byKey(plans) };
}

function keep(last: string, alike: Shape[] | undefined, shape: Shape): void {
  if (shapeCount >= shapesMax) {
    shapes.clear();
    shapeCount = 0;
  }
  if (alike === undefined || shapeCount === 0) {
    shapes.set(last, [shape]);
    shapeCount++;
  } else if (alike.length < alikeMax) {
    alike.push(shape);
    shapeCount++;
  } else alike[turn++ % alikeMax] = shape;
}

/** The positions that have a plan, in order of their keys. */
export function byKey(plans: readonly (Plan | undefined)[]): readonly number[] {
  const positions: number[] = [];
  for (let position = 0; position < plans.length; position++) if (plans[position] !== undefined) positions.push(position);
  return positions.sort((one, other) => compare(plans[one]?.key ?? '', plans[other]?.key ?? ''));
}
