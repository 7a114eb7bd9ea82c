import { isArray, isObject, isText, type JsonObject, textOf } from './json.ts';
import { finishReason } from './messages/finish-reason.ts';
import { fields } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

/** Attributes about finish reasons beat the ones in messages; every reason gets one of the few words that LangSmith knows (mapping §6.3). */
export function fillFinishReasons(reader: SpanReader, outputs: JsonObject, metadata: JsonObject): void {
  const { choices } = outputs;
  if (!isArray(choices)) return;
  const said = saidReasons(reader);
  for (const [index, choice] of choices.entries()) {
    if (!isObject(choice)) continue;
    const own = isText(choice.finish_reason) ? textOf(choice.finish_reason) : undefined;
    const raw = said[index] ?? own;
    if (raw === undefined) continue;
    const word = finishReason(raw);
    choice.finish_reason = word;
    if (word !== raw) metadata.finish_reason_raw ??= raw;
  }
}

/** A list, a list as JSON text, or several joined by commas. */
function saidReasons(reader: SpanReader): readonly string[] {
  for (const slot of fields.finishReasons) {
    const value = reader.peekJson(slot);
    const reasons = isArray(value) ? value.filter(isText).map(textOf) : isText(value) ? textOf(value).split(/,\s*/) : [];
    if (reasons.length === 0 || reasons.every((reason) => reason === '')) continue;
    reader.use(slot);
    return reasons;
  }
  return [];
}
