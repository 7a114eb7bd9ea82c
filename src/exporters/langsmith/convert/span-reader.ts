/**
 * One span, as the rules see it. Reused from span to span, so that reading costs no objects.
 *
 * States: `load` finds the span's shape, which knows where each slot's attribute stands; the `take…` methods read a value and mark its position as used;
 * what is not used at the end is the remainder (mapping §14.1). `peek…` reads without using, for values that stay visible where they are.
 * Attributes of `gen_ai.client.inference.operation.details` events stand behind the span's own, as if the span had sent them (mapping §16): such a span
 * has a shape of its own, a copy.
 */
import type { LogRecord, Resource, Scope, Span } from '../../../model/batch.ts';
import type { Attributes, Value } from '../../../model/value.ts';
import { intOf, isEmptyContent, isPlaceholder, isRedacted } from './coerce.ts';
import { DialectSet } from './dialect-set.ts';
import { isText, type Json, type Text } from './json.ts';
import { isCutOff, jsonOf, jsonOfValue } from './json-text.ts';
import type { KeyTree } from './key-tree.ts';
import { type Family, type Plan, planOf, type Slot, slotCount, type Topic } from './keys.ts';
import { type Occurrence, occurrencesOf } from './occurrences.ts';
import type { RuleList } from './rule-list.ts';
import { absent, Shape, shapeOf } from './span-shape.ts';

const detailsEvent = 'gen_ai.client.inference.operation.details';
/** Longer texts seldom come again. */
const guessLengthMax = 64;

interface Source {
  readonly attributes: Attributes;
  /** Position of its first attribute. */
  readonly from: number;
}

export class SpanReader {
  span!: Span;
  scope!: Scope;
  resource!: Resource;
  /** Span events and log records in order of time. */
  occurrences: Occurrence[] = [];
  readonly warnings: string[] = [];
  /** A value was cut off on its way. */
  truncated = false;
  /** Which dialects the span is of. */
  readonly dialects = new DialectSet();

  #own!: Attributes;
  #details: Source[] = [];
  #length = 0;
  #shape = new Shape();
  /** The shape's own. */
  #positions = this.#shape.positions;
  #used = new Uint8Array(256);
  /** Per slot the text that it had last: mostly it is the same one again, and need not be made. */
  readonly #guesses: string[];

  readonly #eventAttributes: ReadonlyMap<string, ReadonlyMap<string, string>>;

  /** `eventAttributes`: per event name, attributes that count as the span's, and their names there. */
  constructor(eventAttributes: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.#eventAttributes = eventAttributes;
    this.#guesses = new Array<string>(slotCount()).fill('');
  }

  load(span: Span, scope: Scope, resource: Resource, logs: readonly LogRecord[] | undefined): void {
    this.#forget();
    this.span = span;
    this.scope = scope;
    this.resource = resource;
    this.#own = span.attributes;
    this.#shape = shapeOf(span.attributes);
    this.#room(span.attributes.length);
    this.occurrences = occurrencesOf(span, logs);
    for (const occurrence of this.occurrences) this.#addEvent(occurrence);
    this.#positions = this.#shape.positions;
    this.dialects.become(this.#shape.dialects);
  }

  #forget(): void {
    for (let at = 0; at < this.#length; at++) this.#used[at] = 0;
    this.#length = 0;
    if (this.#details.length > 0) this.#details = [];
    if (this.warnings.length > 0) this.warnings.length = 0;
    this.truncated = false;
  }

  #addEvent(occurrence: Occurrence): void {
    const { attributes } = occurrence;
    const names = this.#eventAttributes.get(occurrence.name);
    if (names === undefined && occurrence.name !== detailsEvent) return;
    occurrence.used = names === undefined;
    if (this.#details.length === 0) this.#shape = this.#shape.copy();
    this.#positions = this.#shape.positions;
    const from = this.#room(attributes.length);
    this.#details.push({ attributes, from });
    if (names === undefined) this.#addDetails(attributes, from);
    else this.#addNamed(attributes, names, from);
  }

  /** Only what the names name counts as the span's; the event stays an event. */
  #addNamed(attributes: Attributes, names: ReadonlyMap<string, string>, from: number): void {
    const shape = this.#shape;
    for (let at = 0; at < attributes.length; at++) {
      const name = names.get(attributes.keyAt(at) ?? '');
      const plan = name === undefined ? undefined : planOf(name);
      shape.plans.push(plan);
      if (plan === undefined) continue;
      shape.topics |= plan.topics;
      if (plan.slot !== absent && this.#wants(plan.slot)) shape.positions[plan.slot] = from + at;
    }
  }

  #addDetails(attributes: Attributes, from: number): void {
    const shape = this.#shape;
    const { plans } = shapeOf(attributes);
    for (let at = 0; at < plans.length; at++) {
      const plan = plans[at];
      shape.plans.push(plan);
      if (plan === undefined) continue;
      shape.tell(plan);
      if (plan.slot !== absent && this.#wants(plan.slot)) shape.positions[plan.slot] = from + at;
      if (isRepeated(this.#own, attributes, plan.key)) this.#used[from + at] = 1;
      else shape.join(plan, from + at);
    }
  }

  /** Makes room for this many positions more and returns the first. */
  #room(count: number): number {
    const from = this.#length;
    this.#length += count;
    if (this.#length > this.#used.length) this.#used = grown(this.#used, this.#length);
    return from;
  }

  /** Details fill a slot only where the span has nothing, or only a redaction mark. */
  #wants(slot: Slot): boolean {
    if (this.#positions[slot] === absent) return true;
    const value = this.#valueAt(this.#positions[slot] as number);
    return typeof value === 'string' && (isPlaceholder(value) || isRedacted(value));
  }

  /** Number of positions, those of details events included. */
  get length(): number {
    return this.#length;
  }

  planAt(position: number): Plan | undefined {
    return this.#shape.plans[position];
  }

  /** All positions in order of their keys. */
  positionsByKey(): readonly number[] {
    return this.#shape.byKey();
  }

  /** Those of the rules that read an attribute that is there. */
  rulesOf<Rule>(list: RuleList<Rule>): readonly Rule[] {
    return this.#shape.rulesOf(list);
  }

  isUsed(position: number): boolean {
    return this.#used[position] === 1;
  }

  useAt(position: number): void {
    this.#used[position] = 1;
  }

  #sourceAt(position: number): Source | undefined {
    for (let at = this.#details.length - 1; at >= 0; at--) {
      const source = this.#details[at] as Source;
      if (position >= source.from) return source;
    }
    return undefined;
  }

  #valueAt(position: number, guess?: string): Value {
    if (this.#details.length === 0) return this.#own.valueAt(position, guess);
    const source = this.#sourceAt(position);
    return source === undefined ? this.#own.valueAt(position, guess) : source.attributes.valueAt(position - source.from, guess);
  }

  /** The value as JSON; text that stands on the wire stays there. */
  leafAt(position: number): Json {
    const source = this.#details.length === 0 ? undefined : this.#sourceAt(position);
    const attributes = source === undefined ? this.#own : source.attributes;
    const at = source === undefined ? position : position - source.from;
    const text = attributes.textAt(at);
    if (text !== undefined) return text;
    const number = attributes.numberAt(at);
    return Number.isNaN(number) ? jsonOfValue(attributes.valueAt(at)) : number;
  }

  /** Whether any attribute of the topic is there. */
  speaksOf(topic: Topic): boolean {
    return (this.#shape.topics & topic) !== 0;
  }

  has(slot: Slot): boolean {
    return this.#positions[slot] !== absent;
  }

  hasAny(slots: readonly Slot[]): boolean {
    for (const slot of slots) if (this.#positions[slot] !== absent) return true;
    return false;
  }

  /** Positions of a family's members, in order of arrival. */
  members(family: Family): readonly number[] {
    return this.#shape.members(family);
  }

  /** In order of their keys, so that the result does not depend on the order of arrival. */
  sortedMembers(family: Family): readonly number[] {
    return this.#shape.sortedMembers(family);
  }

  /** The family's members as they stood in lists and objects. */
  tree(family: Family, wanted: RegExp | undefined): KeyTree {
    return this.#shape.tree(family, wanted);
  }

  /** Whether a rule has used it already. */
  isTaken(slot: Slot): boolean {
    const position = this.#positions[slot] as number;
    return position !== absent && this.#used[position] === 1;
  }

  use(slot: Slot): void {
    const position = this.#positions[slot] as number;
    if (position !== absent) this.#used[position] = 1;
  }

  peek(slot: Slot): Value | undefined {
    const position = this.#positions[slot] as number;
    if (position === absent) return undefined;
    const value = this.#valueAt(position, this.#guesses[slot]);
    if (typeof value === 'string' && value.length <= guessLengthMax) this.#guesses[slot] = value;
    return value;
  }

  /** A whole number of at least zero, or text that is one. */
  peekInt(slot: Slot): number | undefined {
    const position = this.#positions[slot] as number;
    if (position === absent) return undefined;
    const number = this.#details.length === 0 ? this.#own.numberAt(position) : Number.NaN;
    return Number.isNaN(number) ? intOf(this.peek(slot)) : intOf(number);
  }

  /** By name, for the rare rule that asks for something beside its own attribute. */
  value(name: string): Value | undefined {
    return this.span.attributes.get(name);
  }

  /** Text that says something, or a number as text. */
  peekText(slot: Slot): string | undefined {
    const value = this.peek(slot);
    if (typeof value === 'string') return isPlaceholder(value) ? undefined : value;
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
  }

  takeText(slot: Slot): string | undefined {
    const text = this.peekText(slot);
    if (text !== undefined) this.use(slot);
    return text;
  }

  takeInt(slot: Slot): number | undefined {
    const number = this.peekInt(slot);
    if (number !== undefined) this.use(slot);
    return number;
  }

  /** Any value, as it is. */
  peekLeaf(slot: Slot): Json | undefined {
    const position = this.#positions[slot] as number;
    return position === absent ? undefined : this.leafAt(position);
  }

  takeLeaf(slot: Slot): Json | undefined {
    const position = this.#positions[slot] as number;
    if (position === absent) return undefined;
    this.#used[position] = 1;
    return this.leafAt(position);
  }

  /** Text that may hold JSON, unpacked (mapping §3.2); other values as they are. `undefined` where it says nothing. */
  takeJson(slot: Slot): Json | undefined {
    const position = this.#positions[slot] as number;
    if (position === absent) return undefined;
    const json = this.jsonAt(position);
    if (isEmptyContent(json)) return undefined;
    this.#used[position] = 1;
    return json;
  }

  peekJson(slot: Slot): Json | undefined {
    const position = this.#positions[slot] as number;
    return position === absent ? undefined : this.jsonAt(position);
  }

  jsonAt(position: number): Json {
    const leaf = this.leafAt(position);
    return isText(leaf) ? this.unpack(leaf) : leaf;
  }

  /** Text that may hold JSON; notes where it was cut off. */
  unpack(text: Text): Json {
    const json = jsonOf(text);
    if (json !== undefined) return json;
    if (isCutOff(text)) this.truncated = true;
    return text;
  }

  /** The first of these slots with text that says something. Others that say the same are used up with it. */
  firstText(slots: readonly Slot[]): string | undefined {
    for (let at = 0; at < slots.length; at++) {
      const text = this.takeText(slots[at] as Slot);
      if (text === undefined) continue;
      for (let more = at + 1; more < slots.length; more++) if (this.peekText(slots[more] as Slot) === text) this.use(slots[more] as Slot);
      return text;
    }
    return undefined;
  }

  peekFirstInt(slots: readonly Slot[]): number | undefined {
    for (let at = 0; at < slots.length; at++) {
      const number = this.peekInt(slots[at] as Slot);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  firstPeek(slots: readonly Slot[]): string | undefined {
    for (const slot of slots) {
      const text = this.peekText(slot);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  warn(sentence: string): void {
    if (!this.warnings.includes(sentence)) this.warnings.push(sentence);
  }
}

function grown(used: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(length, used.length * 2));
  larger.set(used);
  return larger;
}

/** Whether the details say only what the span's own attribute says. */
function isRepeated(own: Attributes, details: Attributes, key: string): boolean {
  const value = own.get(key);
  return value !== undefined && JSON.stringify(jsonOfValue(value)) === JSON.stringify(jsonOfValue(details.get(key) ?? null));
}
