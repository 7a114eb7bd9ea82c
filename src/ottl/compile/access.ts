/** From a context's field and keys to closures that read and write it. */
import type { Attributes, Value } from '../../model/value.ts';
import { attributeValue } from '../contexts/attribute-value.ts';
import type { AttributesField, EntriesField, Field, ValueField } from '../contexts/field.ts';
import { attributesOf, expectMap, expectString } from '../contexts/field.ts';
import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import type { Getter, MutableMap, ResultType } from '../function.ts';
import type { OttlMap, OttlValue } from '../value.ts';
import { AttributePlace } from './attribute-place.ts';
import { elementOf, withElement } from './indexing.ts';

/** A path, compiled. */
export interface Access {
  readonly type: ResultType;
  readonly get: Getter<OttlValue>;
  /** Absent: read-only. */
  readonly set: ((evaluation: Evaluation, value: OttlValue) => void) | undefined;
  /** The map itself, where the path stands for one that can be changed in place. */
  readonly open: ((evaluation: Evaluation) => MutableMap) | undefined;
}

type Key = Getter<OttlValue>;

function keyValues(keys: readonly Key[], evaluation: Evaluation): OttlValue[] {
  return keys.map((key) => key(evaluation));
}

function textKey(key: OttlValue): string {
  if (typeof key !== 'string') throw new OttlError('cannot index a map with anything but a string');
  return key;
}

/** Reads on through further keys. A key that a map does not have makes the whole nil. */
export function follow(
  get: (evaluation: Evaluation) => OttlValue | undefined,
  keys: readonly Key[],
): (evaluation: Evaluation) => OttlValue {
  if (keys.length === 0) return (evaluation) => get(evaluation) ?? null;
  return (evaluation) => {
    let value = get(evaluation);
    for (const key of keys) {
      if (value === undefined) return null;
      value = elementOf(value, key(evaluation));
    }
    return value ?? null;
  };
}

/** Attributes as functions change them: what they cannot hold is refused before it gets there. */
class AttributesMap implements MutableMap {
  readonly #attributes: Attributes;

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  get size(): number {
    return this.#attributes.size;
  }

  get(key: string): Value | undefined {
    return this.#attributes.get(key);
  }

  has(key: string): boolean {
    return this.#attributes.has(key);
  }

  set(key: string, value: OttlValue): void {
    this.#attributes.set(key, attributeValue(value));
  }

  delete(key: string): boolean {
    return this.#attributes.delete(key);
  }

  keys(): Iterable<string> {
    return this.#attributes.keys();
  }

  deleteWhere(isUnwanted: (key: string, place: number) => boolean): boolean {
    const attributes = this.#attributes;
    let isChanged = false;
    for (let position = 0; position < attributes.length; position++) {
      const key = attributes.keyAt(position);
      if (key === undefined || !isUnwanted(key, position)) continue;
      attributes.deleteAt(position);
      isChanged = true;
    }
    return isChanged;
  }

  [Symbol.iterator](): Iterator<[string, Value]> {
    return this.#attributes[Symbol.iterator]();
  }
}

function replaceAll(attributes: Attributes, map: OttlMap): void {
  const entries = Array.from(map, ([key, value]): [string, Value] => [key, attributeValue(value)]);
  for (const key of [...attributes.keys()]) attributes.delete(key);
  for (const [key, value] of entries) attributes.set(key, value);
}

function attributesAccess({ owner }: AttributesField, keys: readonly Key[]): Access {
  const of = (evaluation: Evaluation): Attributes => attributesOf(owner, evaluation);
  const [first, ...rest] = keys;
  if (!first) {
    return {
      type: 'map',
      get: (evaluation) => new Map(of(evaluation)),
      set: (evaluation, value) => replaceAll(of(evaluation), expectMap(value)),
      open: (evaluation) => new AttributesMap(of(evaluation)),
    };
  }
  const { constant } = first;
  if (typeof constant === 'string' && rest.length === 0) {
    const attribute = new AttributePlace(owner, constant);
    return {
      type: 'any',
      get: Object.assign((evaluation: Evaluation): OttlValue => attribute.get(evaluation), { attribute, estimate: attribute }),
      set: (evaluation, value) => attribute.set(evaluation, attributeValue(value)),
      open: undefined,
    };
  }
  return {
    type: 'any',
    get: follow((evaluation) => of(evaluation).get(textKey(first(evaluation))), rest),
    set: (evaluation, value) => {
      const attributes = of(evaluation);
      const key = textKey(first(evaluation));
      const changed = rest.length === 0 ? value : withElement(attributes.get(key) ?? null, keyValues(rest, evaluation), 0, value);
      attributes.set(key, attributeValue(changed));
    },
    open: undefined,
  };
}

const noEntries: OttlMap = new Map();

function cacheAccess(keys: readonly Key[]): Access {
  if (keys.length === 0) {
    return {
      type: 'map',
      get: (evaluation) => new Map(evaluation.cache),
      set: (evaluation, value) => {
        evaluation.cache = new Map(expectMap(value));
      },
      open: (evaluation) => (evaluation.cache ??= new Map()),
    };
  }
  const [first, ...rest] = keys as readonly [Key, ...Key[]];
  return {
    type: 'any',
    get: follow((evaluation) => (evaluation.cache ?? noEntries).get(textKey(first(evaluation))), rest),
    set: (evaluation, value) => {
      const cache = (evaluation.cache ??= new Map());
      const key = textKey(first(evaluation));
      cache.set(key, withElement(cache.get(key) ?? null, keyValues(rest, evaluation), 0, value));
    },
    open: undefined,
  };
}

function valueAccess({ get, set }: ValueField, keys: readonly Key[]): Access {
  return {
    type: 'any',
    get: follow(get, keys),
    set: (evaluation, value) => set(evaluation, withElement(get(evaluation), keyValues(keys, evaluation), 0, value)),
    open: undefined,
  };
}

function entriesAccess(field: EntriesField, keys: readonly Key[]): Access {
  const { entry, setEntry } = field;
  const [key, index] = keys;
  if (!key) return { type: field.type, get: field.get, set: field.set, open: undefined };
  return {
    type: 'any',
    get: (evaluation) => {
      const value = entry(evaluation, textKey(key(evaluation)));
      if (!index) return value;
      // Some releases of the Collector give a list of values here; ours is one text, so its list has one element.
      return value === null ? null : (elementOf([value], index(evaluation)) ?? null);
    },
    set:
      setEntry === undefined || index
        ? undefined
        : (evaluation, value) => setEntry(evaluation, textKey(key(evaluation)), expectString(value)),
    open: undefined,
  };
}

/** How many keys a field takes at most. */
export function keysMax(field: Field): number {
  if (field.kind === 'scalar') return 0;
  if (field.kind === 'entries') return field.setEntry ? 1 : 2;
  return Number.POSITIVE_INFINITY;
}

export function accessOf(field: Field, keys: readonly Key[]): Access {
  switch (field.kind) {
    case 'scalar':
      return { type: field.type, get: field.get, set: field.set, open: undefined };
    case 'attributes':
      return attributesAccess(field, keys);
    case 'value':
      return valueAccess(field, keys);
    case 'entries':
      return entriesAccess(field, keys);
    case 'cache':
      return cacheAccess(keys);
  }
}
