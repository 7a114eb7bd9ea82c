/** The sender's own metadata: `langsmith.metadata.*` has the last word, other vendors' metadata stand below what is derived (mapping §13.2). */
import { intOf, isPlaceholder, numberOf } from './coerce.ts';
import { emptyObject, isArray, isObject, isSame, isText, type Json, type JsonObject, textOf } from './json.ts';
import { jsonOf } from './json-text.ts';
import { family, slot, topic } from './keys.ts';
import { RuleList } from './rule-list.ts';
import { type MergedMetadata, metadataRules } from './rules.ts';
import type { SpanReader } from './span-reader.ts';
import { threadKeys } from './thread.ts';

const own = family('langsmith.metadata.');
const ownObject = slot('langsmith.metadata');
const bare = family('ls_');

export interface Explicit {
  /** `langsmith.metadata.*` and bare `ls_*` attributes. */
  readonly own: JsonObject;
  /** What other vendors' metadata say. */
  readonly vendor: JsonObject;
  /** What one place said before another replaced it. */
  readonly replaced: readonly (readonly [name: string, value: Json])[];
  /** Tags inside of them. */
  readonly tags: Json | undefined;
}

type Replaced = [name: string, value: Json][];

const nothing = Object.freeze(emptyObject());
const unsaid: Explicit = { own: nothing, vendor: nothing, replaced: [], tags: undefined };
const vendors = new RuleList(metadataRules, ({ slot, family }) => ({ slots: [slot], families: [family] }));
const said = topic([ownObject, ...metadataRules.map(({ slot }) => slot)], [own, bare, ...metadataRules.map(({ family }) => family)]);

export function explicitOf(reader: SpanReader): Explicit {
  if (!reader.speaksOf(said)) return unsaid;
  const vendor = vendorMetadata(reader);
  const mine = ownMetadata(reader, vendor.replaced);
  return { own: mine ?? nothing, vendor: vendor.metadata ?? nothing, replaced: vendor.replaced, tags: vendor.tags };
}

function ownMetadata(reader: SpanReader, replaced: Replaced): JsonObject | undefined {
  const bareMembers = reader.sortedMembers(bare);
  const members = reader.sortedMembers(own);
  const object = reader.peekJson(ownObject);
  if (bareMembers.length === 0 && members.length === 0 && !isObject(object)) return undefined;
  const found = emptyObject();
  for (const position of bareMembers) put(reader, found, reader.planAt(position)?.key ?? '', position, replaced);
  if (isObject(object)) {
    reader.use(ownObject);
    for (const key in object) set(found, key, ownValue(key, object[key]), replaced);
  }
  for (const position of members) put(reader, found, reader.planAt(position)?.rest ?? '', position, replaced);
  return found;
}

function put(reader: SpanReader, found: JsonObject, key: string, position: number, replaced: Replaced): void {
  set(found, key, ownValue(key, reader.leafAt(position)), replaced);
  reader.useAt(position);
}

const json = new Set(['ls_invocation_params', 'usage_metadata']);
const booleans = new Set(['ls_is_error_interrupt', 'ls_message_view_exclude']);

/** The JavaScript SDK writes every value as text: the keys that are known to be something else become it again; all other texts stay texts. */
function ownValue(key: string, value: Json | undefined): Json | undefined {
  if (!isText(value)) return value;
  if (key === 'ls_temperature') return numberOf(value) ?? value;
  if (key === 'ls_max_tokens') return intOf(textOf(value)) ?? value;
  if (json.has(key)) return jsonOf(value) ?? value;
  if (key === 'ls_stop') return listOf(value);
  if (booleans.has(key)) return /^true$/i.test(textOf(value)) ? true : /^false$/i.test(textOf(value)) ? false : value;
  return value;
}

function listOf(value: Json): Json {
  const parsed = isText(value) ? (jsonOf(value) ?? value) : value;
  return isArray(parsed) ? parsed : [parsed];
}

function vendorMetadata(reader: SpanReader): { metadata: JsonObject | undefined; replaced: Replaced; tags: Json | undefined } {
  const replaced: Replaced = [];
  let metadata: JsonObject | undefined;
  let tags: Json | undefined;
  for (const rule of reader.rulesOf(vendors)) {
    if (rule.family >= 0) {
      for (const position of reader.sortedMembers(rule.family)) {
        const name = reader.planAt(position)?.rest ?? '';
        if (rule.except?.includes(name)) continue;
        metadata ??= emptyObject();
        const value =
          rule.pythonRepr === true
            ? (jsonOf(leafText(reader, position), { pythonRepr: true }) ?? reader.leafAt(position))
            : reader.leafAt(position);
        set(metadata, name, value, replaced);
        reader.useAt(position);
      }
    } else {
      const object = reader.peekJson(rule.slot);
      if (!isObject(object)) continue;
      reader.use(rule.slot);
      metadata ??= emptyObject();
      tags ??= object.tags;
      copyMembers(object, metadata, rule, replaced);
    }
  }
  return { metadata, replaced, tags };
}

function leafText(reader: SpanReader, position: number): string {
  const leaf = reader.leafAt(position);
  return isText(leaf) ? textOf(leaf) : '';
}

function copyMembers(object: JsonObject, metadata: JsonObject, rule: MergedMetadata, replaced: Replaced): void {
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === null || value === undefined || rule.except?.includes(key)) continue;
    set(metadata, key, value, replaced);
  }
}

function set(metadata: JsonObject, name: string, value: Json | undefined, replaced: Replaced): void {
  const before = metadata[name];
  if (before !== undefined && before !== null && !isSame(before, value)) replaced.push([name, before]);
  metadata[name] = value;
}

/** A member that the sender named itself: its own word, or another vendor's metadata. */
export function explicitMembers({ own, vendor }: Explicit): JsonObject {
  const members = emptyObject();
  if (own === nothing && vendor === nothing) return members;
  for (const source of [vendor, own]) {
    for (const key of Object.keys(source)) {
      const value = source[key];
      if ((key.startsWith('ls_') || threadKeys.some((name) => name === key)) && !(isText(value) && isPlaceholder(textOf(value))))
        members[key] = value;
    }
  }
  return members;
}
