/** One body made of two: a run's own, and what its log records add. The own words stay byte by byte; only what is missing is filled in. */
import { type Bytes, bytes } from '../../../model/bytes.ts';
import type { Body } from '../../../model/draft.ts';
import { emptyObject, isArray, isObject, type Json, type JsonObject } from './json.ts';
import { exactJson } from './json-exact.ts';
import { jsonText } from './json-writer.ts';

const depthMax = 512;
const emptyBytes = 2;

/** `{}`, `[]`, `""`, or nothing. */
export function isVoidContent(part: Bytes): boolean {
  return part.length <= emptyBytes;
}

export function mergeBodies(own: Body, added: Body): Body {
  const error = firstOf(own.error, added.error);
  return {
    main: error === own.error ? own.main : failed(own.main),
    inputs: firstOf(own.inputs, added.inputs),
    outputs: firstOf(own.outputs, added.outputs),
    events: joinedLists(own.events, added.events),
    error,
    serialized: own.serialized,
    metadata: joinedMembers(own.metadata, added.metadata),
    usage: firstOf(own.usage, added.usage),
    extra: joinedExtra(own.extra, added.extra),
    attachments: [...own.attachments, ...added.attachments.filter(({ name }) => !own.attachments.some((other) => other.name === name))],
    feedback: [...own.feedback, ...added.feedback.filter(({ id }) => !own.feedback.some((other) => other.id === id))],
  };
}

function firstOf(own: Bytes, added: Bytes): Bytes {
  return isVoidContent(own) && !isVoidContent(added) ? added : own;
}

const finished = /"status":"(?:success|pending)"/;

/** Quotes inside of a text are escaped, so this can only be the member. */
function failed(main: Bytes): Bytes {
  return bytes.from(main.utf8Slice().replace(finished, '"status":"error"'));
}

/** Two lists as one. */
export function joinedLists(own: Bytes, added: Bytes): Bytes {
  if (isVoidContent(added)) return own;
  if (isVoidContent(own)) return added;
  return bytes.concat([own.subarray(0, own.length - 1), bytes.from(','), added.subarray(1)]);
}

/** A run's facts about itself are the same for its log records, so all that is new are what only they tell. */
function joinedMembers(own: Bytes, added: Bytes): Bytes {
  const known = objectOf(own);
  let text = own.utf8Slice();
  for (const [key, value] of Object.entries(objectOf(added)))
    if (known[key] === undefined && value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${jsonText(value)}`;
  return bytes.from(text);
}

/** Parameters are joined one by one; of the facts of OpenTelemetry only warnings are news. */
function joinedExtra(own: Bytes, added: Bytes): Bytes {
  const news = objectOf(added);
  const warnings = isObject(news.otel) && isArray(news.otel.warnings) ? news.otel.warnings : [];
  const parameters = news.invocation_params;
  if (!isObject(parameters) && warnings.length === 0) return own;
  const extra = objectOf(own);
  if (isObject(parameters)) extra.invocation_params = filled(extra.invocation_params, parameters);
  if (warnings.length > 0) extra.otel = warned(extra.otel, warnings);
  const text = jsonText(extra);
  return bytes.from(text.slice(1, -1));
}

function filled(own: Json | undefined, added: JsonObject): JsonObject {
  return Object.assign(emptyObject(), added, isObject(own) ? own : {});
}

function warned(own: Json | undefined, warnings: readonly Json[]): JsonObject {
  const otel = Object.assign(emptyObject(), isObject(own) ? own : {});
  otel.warnings = [...(isArray(otel.warnings) ? otel.warnings : []), ...warnings];
  return otel;
}

function objectOf(members: Bytes): JsonObject {
  const object = exactJson(`{${members.utf8Slice()}}`, depthMax);
  return isObject(object) ? object : emptyObject();
}
