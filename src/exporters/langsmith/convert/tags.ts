import { isArray, isObject, isText, type Json, textOf } from './json.ts';
import { slot, topic } from './keys.ts';
import { tagSlots } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const tagsMax = 256;
/** MLflow's tags have values, which stay where they are. */
const named = slot('mlflow.trace.tags');
const tagged = topic(tagSlots);
const none: readonly string[] = [];

/** All tags that anybody gave, each once, in order (mapping §13.1). `ofRecord` are those of a record, `attached` those of a metadata object. */
export function tagsOf(reader: SpanReader, ofRecord: readonly string[], attached: Json | undefined): readonly string[] {
  if (ofRecord.length === 0 && attached === undefined && !reader.speaksOf(tagged)) return none;
  const tags = new Set<string>(ofRecord);
  for (const slot of tagSlots) {
    const value = reader.peekJson(slot);
    if (value === undefined) continue;
    addTags(tags, slot === named && isObject(value) ? Object.keys(value).filter((name) => !name.startsWith('mlflow.')) : value);
    if (isText(value) || (isArray(value) && value.every(isText))) reader.use(slot);
  }
  if (attached !== undefined) addTags(tags, attached);
  return [...tags].slice(0, tagsMax);
}

/** A list, or one text with commas between the tags. */
function addTags(tags: Set<string>, value: Json): void {
  const given = isArray(value) ? value.filter(isText).map(textOf) : isText(value) ? textOf(value).split(',') : [];
  for (const tag of given) {
    const trimmed = tag.trim();
    if (trimmed !== '') tags.add(trimmed);
  }
}
