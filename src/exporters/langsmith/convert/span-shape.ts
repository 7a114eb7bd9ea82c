/**
 * Spans of one program have the same keys in the same order, time and again: what follows from the keys alone is found once per list of keys.
 * Shapes are kept by their last key, since that tells more than the first, and by their length, since a conversation grows; all are forgotten when there
 * are too many, because keys come from outside.
 */
import type { Attributes } from '../../../model/value.ts';
import { DialectSet } from './dialect-set.ts';
import { type KeyTree, keyTreeOf } from './key-tree.ts';
import { compare, type Family, type Plan, planOf, type Slot, slotCount } from './keys.ts';
import type { RuleList } from './rule-list.ts';

export const absent = -1;
const none: readonly number[] = [];

/** What a list of keys says. It is kept, and then nobody adds to it; or it is a `copy`, of one span with details events. */
export class Shape {
  /** By position; `undefined` where there is no attribute. */
  readonly plans: (Plan | undefined)[];
  /** Where each slot's attribute stands, or `absent`. */
  readonly positions: Int32Array;
  /** Topics of the keys, as bits. */
  topics = 0;
  /** Dialects that the keys are signs of. */
  readonly dialects = new DialectSet();
  /** By family the positions of its members, in order of arrival. */
  readonly #members: (number[] | undefined)[];
  /** The same in order of their keys, and all positions so: made when somebody asks. */
  readonly #sorted: (readonly number[] | undefined)[] = [];
  #byKey: readonly number[] | undefined;
  /** By family the tree that was asked for last. */
  readonly #trees: (KeyTree | undefined)[] = [];
  readonly #rules: (readonly unknown[] | undefined)[] = [];

  constructor(
    plans: (Plan | undefined)[] = [],
    positions = new Int32Array(slotCount()).fill(absent),
    members: (number[] | undefined)[] = [],
  ) {
    this.plans = plans;
    this.positions = positions;
    this.#members = members;
  }

  static of(attributes: Attributes): Shape {
    const shape = new Shape();
    for (let position = 0; position < attributes.length; position++) {
      const key = attributes.keyAt(position);
      const plan = key === undefined ? undefined : planOf(key);
      shape.plans.push(plan);
      if (plan === undefined) continue;
      shape.tell(plan);
      if (plan.slot !== absent) shape.positions[plan.slot] = position;
      shape.join(plan, position);
    }
    return shape;
  }

  copy(): Shape {
    const copy = new Shape(
      [...this.plans],
      this.positions.slice(),
      this.#members.map((members) => members && [...members]),
    );
    copy.topics = this.topics;
    copy.dialects.become(this.dialects);
    return copy;
  }

  /** Notes what a key says beside its value. */
  tell({ topics, signals }: Plan): void {
    this.topics |= topics;
    for (const dialect of signals) this.dialects.add(dialect);
  }

  /** Makes a position a member of the key's family. */
  join({ family }: Plan, position: number): void {
    if (family !== absent) (this.#members[family] ??= []).push(position);
  }

  members(family: Family): readonly number[] {
    return this.#members[family] ?? none;
  }

  sortedMembers(family: Family): readonly number[] {
    return (this.#sorted[family] ??= this.#inOrder(this.members(family)));
  }

  /** Of an indexed family. `wanted`: only members whose name behind the index matches. */
  tree(family: Family, wanted: RegExp | undefined): KeyTree {
    const known = this.#trees[family];
    return known !== undefined && known.wanted === wanted
      ? known
      : (this.#trees[family] = keyTreeOf(this.plans, this.members(family), wanted));
  }

  /** All positions that have a plan, in order of their keys. */
  byKey(): readonly number[] {
    return (this.#byKey ??= this.#inOrder([...this.plans.keys()].filter((position) => this.plans[position] !== undefined)));
  }

  /** Those of the rules that have something to read. */
  rulesOf<Rule>(list: RuleList<Rule>): readonly Rule[] {
    const known = this.#rules[list.number] ?? this.#findRules(list);
    return known as readonly Rule[];
  }

  #findRules<Rule>(list: RuleList<Rule>): readonly Rule[] {
    const rules = list.among(
      (slot) => this.#has(slot),
      (family) => this.members(family).length > 0,
    );
    this.#rules[list.number] = rules;
    return rules;
  }

  #has(slot: Slot): boolean {
    return slot !== absent && this.positions[slot] !== absent;
  }

  #inOrder(positions: readonly number[]): readonly number[] {
    return [...positions].sort((one, other) => compare(this.plans[one]?.key ?? '', this.plans[other]?.key ?? ''));
  }
}

/** Keys in all shapes, and so many more for each of them. */
const sizeMax = 32_768;
const shapeSize = 32;
const keysMax = 1_024;
/** Shapes with the same last key, and as many of them, that are looked at. */
const alikeMax = 8;

const shapes = new Map<string, Map<number, Shape[]>>();
let size = 0;
/** Whose turn it is to go where all places are taken. */
let turn = 0;

export function shapeOf(attributes: Attributes): Shape {
  const { length } = attributes;
  const last = attributes.keyAt(length - 1) ?? '';
  const alike = shapes.get(last)?.get(length);
  if (alike !== undefined) for (const shape of alike) if (isOf(shape, attributes)) return shape;
  const shape = Shape.of(attributes);
  if (length <= keysMax) keep(last, shape);
  return shape;
}

function isOf({ plans }: Shape, attributes: Attributes): boolean {
  for (let at = 0; at < plans.length; at++) if (plans[at]?.key !== attributes.keyAt(at)) return false;
  return true;
}

function keep(last: string, shape: Shape): void {
  const { length } = shape.plans;
  size += shapeSize + length;
  if (size > sizeMax) {
    shapes.clear();
    size = shapeSize + length;
  }
  let byLength = shapes.get(last);
  if (byLength === undefined) shapes.set(last, (byLength = new Map()));
  const alike = byLength.get(length);
  if (alike === undefined) byLength.set(length, [shape]);
  else if (alike.length < alikeMax) alike.push(shape);
  else {
    alike[turn++ % alikeMax] = shape;
    size -= shapeSize + length;
  }
}
