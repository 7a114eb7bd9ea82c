/**
 * One span, as the rules see it. Reused from span to span, so that reading costs no objects.
 *
 * States: `load` fills `slot → position` in one pass over the attributes; the `take…` methods read a value and mark its position as used;
 * what is not used at the end is the remainder (mapping §14.1). `peek…` reads without using, for values that stay visible where they are.
 * Attributes of `gen_ai.client.inference.operation.details` events stand behind the span's own, as if the span had sent them (mapping §16).
 */
import type { LogRecord, Resource, Scope, Span } from '../../../model/batch.ts';
import type { Attributes, Value } from '../../../model/value.ts';
import { intOf, isEmptyContent, isPlaceholder, isRedacted } from './coerce.ts';
import { isText, type Json, type Text } from './json.ts';
import { isCutOff, jsonOf, jsonOfValue } from './json-text.ts';
import { compare, type Family, familyCount, inOrder, type Plan, planOf, type Slot, slotCount, type Topic } from './keys.ts';
import { type Occurrence, occurrencesOf } from './occurrences.ts';
import { byKey, noShape, shapeOf } from './span-shape.ts';

const absent = -1;
const detailsEvent = 'gen_ai.client.inference.operation.details';

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
  /** Which dialects the attributes are signs of. */
  readonly dialects: Uint8Array;

  #own!: Attributes;
  #details: Source[] = [];
  #length = 0;
  readonly #position: Int32Array;
  readonly #filled: Slot[] = [];
  #filledCount = 0;
  #topics = 0;
  #shape = noShape;
  /** The shape's, followed by those of details events. */
  #plans: readonly (Plan | undefined)[] = [];
  #used = new Uint8Array(256);
  readonly #families: number[][];

  readonly #eventAttributes: ReadonlyMap<string, ReadonlyMap<string, string>>;

  /** `eventAttributes`: per event name, attributes that count as the span's, and their names there. */
  constructor(dialectCount: number, eventAttributes: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.#eventAttributes = eventAttributes;
    this.#position = new Int32Array(slotCount()).fill(absent);
    this.#families = Array.from({ length: familyCount() }, () => []);
    this.dialects = new Uint8Array(dialectCount);
  }

  load(span: Span, scope: Scope, resource: Resource, logs: readonly LogRecord[] | undefined): void {
    this.#forget();
    this.span = span;
    this.scope = scope;
    this.resource = resource;
    this.#own = span.attributes;
    this.occurrences = occurrencesOf(span, logs);
    this.#length = 0;
    this.#shape = shapeOf(span.attributes);
    this.#plans = this.#shape.plans;
    this.#add(span.attributes, this.#plans, false);
    for (const occurrence of this.occurrences) {
      const names = this.#eventAttributes.get(occurrence.name);
      if (names === undefined && occurrence.name !== detailsEvent) continue;
      occurrence.used = names === undefined;
      this.#details.push({ attributes: occurrence.attributes, from: this.#length });
      if (names === undefined) this.#addDetails(occurrence.attributes);
      else this.#addNamed(occurrence.attributes, names);
    }
  }

  /** Only what the names name counts as the span's; the event stays an event. */
  #addNamed(attributes: Attributes, names: ReadonlyMap<string, string>): void {
    const from = this.#room(attributes.length);
    const plans: (Plan | undefined)[] = [];
    for (let at = 0; at < attributes.length; at++) {
      const name = names.get(attributes.keyAt(at) ?? '');
      const plan = name === undefined ? undefined : planOf(name);
      plans.push(plan);
      if (plan !== undefined && plan.slot !== absent && this.#wants(plan.slot, true)) this.#fill(plan.slot, from + at);
      this.#topics |= plan?.topics ?? 0;
    }
    this.#plans = [...this.#plans, ...plans];
  }

  #forget(): void {
    for (let at = 0; at < this.#filledCount; at++) this.#position[this.#filled[at] as Slot] = absent;
    this.#filledCount = 0;
    for (const members of this.#families) if (members.length > 0) members.length = 0;
    if (this.#details.length > 0) this.#details = [];
    this.#used.fill(0, 0, this.#length);
    this.dialects.fill(0);
    this.#topics = 0;
    if (this.warnings.length > 0) this.warnings.length = 0;
    this.truncated = false;
  }

  #addDetails(attributes: Attributes): void {
    const { plans } = shapeOf(attributes);
    this.#plans = [...this.#plans, ...plans];
    this.#add(attributes, plans, true);
  }

  #add(attributes: Attributes, plans: readonly (Plan | undefined)[], behind: boolean): void {
    const from = this.#room(attributes.length);
    for (let at = 0; at < plans.length; at++) {
      const plan = plans[at];
      if (plan === undefined) continue;
      this.#topics |= plan.topics;
      for (const dialect of plan.signals) this.dialects[dialect] = 1;
      if (plan.slot !== absent && this.#wants(plan.slot, behind)) this.#fill(plan.slot, from + at);
      if (behind && isRepeated(this.#own, attributes, plan.key)) {
        this.#used[from + at] = 1;
        continue;
      }
      if (plan.family !== absent) this.#families[plan.family]?.push(from + at);
    }
  }

  /** Makes room for this many positions more and returns the first. */
  #room(count: number): number {
    const from = this.#length;
    this.#length += count;
    if (this.#length > this.#used.length) this.#used = grown(this.#used, this.#length);
    return from;
  }

  #fill(slot: Slot, position: number): void {
    this.#position[slot] = position;
    this.#filled[this.#filledCount++] = slot;
  }

  /** Details fill a slot only where the span has nothing, or only a redaction mark. */
  #wants(slot: Slot, behind: boolean): boolean {
    if (!behind || this.#position[slot] === absent) return true;
    const value = this.#valueAt(this.#position[slot] as number);
    return typeof value === 'string' && (isPlaceholder(value) || isRedacted(value));
  }

  /** Number of positions, those of details events included. */
  get length(): number {
    return this.#length;
  }

  planAt(position: number): Plan | undefined {
    return this.#plans[position];
  }

  /** All positions in order of their keys. */
  positionsByKey(): readonly number[] {
    return this.#plans === this.#shape.plans ? this.#shape.byKey : byKey(this.#plans);
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

  #valueAt(position: number): Value {
    if (this.#details.length === 0) return this.#own.valueAt(position);
    const source = this.#sourceAt(position);
    return source === undefined ? this.#own.valueAt(position) : source.attributes.valueAt(position - source.from);
  }

  /** The value as JSON; text that stands on the wire stays there. */
  leafAt(position: number): Json {
    const source = this.#details.length === 0 ? undefined : this.#sourceAt(position);
    const attributes = source === undefined ? this.#own : source.attributes;
    const at = source === undefined ? position : position - source.from;
    return attributes.textAt(at) ?? jsonOfValue(attributes.valueAt(at));
  }

  /** Whether any attribute of the topic is there. */
  speaksOf(topic: Topic): boolean {
    return (this.#topics & topic) !== 0;
  }

  has(slot: Slot): boolean {
    return this.#position[slot] !== absent;
  }

  hasAny(slots: readonly Slot[]): boolean {
    for (const slot of slots) if (this.#position[slot] !== absent) return true;
    return false;
  }

  /** Positions of a family's members, in order of arrival. */
  members(family: Family): readonly number[] {
    return this.#families[family] as number[];
  }

  /** In order of their keys, so that the result does not depend on the order of arrival. */
  sortedMembers(family: Family): readonly number[] {
    const members = this.members(family);
    if (members.length < 2) return members;
    return inOrder([...members], (one, other) => compare(this.#plans[one]?.key ?? '', this.#plans[other]?.key ?? ''));
  }

  /** Whether a rule has used it already. */
  isTaken(slot: Slot): boolean {
    const position = this.#position[slot] as number;
    return position !== absent && this.#used[position] === 1;
  }

  use(slot: Slot): void {
    const position = this.#position[slot] as number;
    if (position !== absent) this.#used[position] = 1;
  }

  peek(slot: Slot): Value | undefined {
    const position = this.#position[slot] as number;
    return position === absent ? undefined : this.#valueAt(position);
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
    const number = intOf(this.peek(slot));
    if (number !== undefined) this.use(slot);
    return number;
  }

  /** Any value, as it is. */
  peekLeaf(slot: Slot): Json | undefined {
    const position = this.#position[slot] as number;
    return position === absent ? undefined : this.leafAt(position);
  }

  takeLeaf(slot: Slot): Json | undefined {
    const position = this.#position[slot] as number;
    if (position === absent) return undefined;
    this.#used[position] = 1;
    return this.leafAt(position);
  }

  /** Text that may hold JSON, unpacked (mapping §3.2); other values as they are. `undefined` where it says nothing. */
  takeJson(slot: Slot): Json | undefined {
    const position = this.#position[slot] as number;
    if (position === absent) return undefined;
    const json = this.jsonAt(position);
    if (isEmptyContent(json)) return undefined;
    this.#used[position] = 1;
    return json;
  }

  peekJson(slot: Slot): Json | undefined {
    const position = this.#position[slot] as number;
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
      if (this.#position[slots[at] as Slot] === absent) continue;
      const number = intOf(this.peek(slots[at] as Slot));
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
