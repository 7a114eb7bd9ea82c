import { isObject, isText, isVoid, type Json, type JsonObject, type Text } from '../json.ts';
import { jsonText } from '../json-writer.ts';
import { type Media, mediaPart } from './media.ts';
import { type ContentPart, rest } from './message.ts';
import type { Turn } from './turn.ts';

/** Puts one content part of a source shape into the turn. */
export type PartReader = (turn: Turn, part: JsonObject) => void;
/** Readers by the part's `type`, or, where parts have none, by the member that names their kind. */
export type PartReaders = readonly (readonly [tag: string, reader: PartReader])[];

const typeOnly = new Set(['type']);

export function asText(value: Json | undefined): Text {
  if (value === undefined || value === null) return '';
  return isText(value) ? value : jsonText(value);
}

/** A part that is canonical already, or of a kind that only its author knows. One that has nothing but a type would only break up a plain text. */
export function passThrough(turn: Turn, part: JsonObject): void {
  if (!isText(part.type)) turn.text(jsonText(part));
  else if (rest(part, typeOnly) === undefined) turn.leftover('empty_part', part.type);
  else turn.part(part as ContentPart);
}

/** Text, with what else the part says beside it. */
export function readText(turn: Turn, part: JsonObject, text: Json | undefined, named: ReadonlySet<string>): void {
  const others = rest(part, named);
  if (others?.providerOptions !== undefined) {
    // The AI SDK's options of one part would turn a plain text into a list of parts.
    turn.leftover('providerOptions', others.providerOptions);
    delete others.providerOptions;
  }
  if (others?.type !== undefined) {
    // A type that is no text would stand in for the part's.
    turn.leftover('type', others.type);
    delete others.type;
  }
  if (isVoid(others)) turn.text(asText(text));
  else turn.part({ type: 'text', text: asText(text), ...others });
}

/** A picture, sound, film or file; as it is where it does not say what it holds. */
export function readMedia(turn: Turn, part: JsonObject, media: Omit<Media, 'extras'>, named: ReadonlySet<string>): void {
  const converted = mediaPart({ ...media, extras: rest(part, named) });
  if (converted === undefined) passThrough(turn, part);
  else turn.part(converted);
}

/** Reasoning with its `extras` (signature, id, encrypted_content, redacted) and what else the part says. */
export function readReasoning(turn: Turn, part: JsonObject, text: Json | undefined, named: ReadonlySet<string>): void {
  const own = isObject(part.extras) ? part.extras : undefined;
  const others = rest(part, named);
  turn.reasoning(asText(text), own === undefined ? others : others === undefined ? own : { ...own, ...others });
}

/** What a tool of the provider's own gave back: it belongs to the assistant's message. */
export function serverResult(
  turn: Turn,
  part: JsonObject,
  id: Json | undefined,
  output: Json | undefined,
  named: ReadonlySet<string>,
): void {
  const failed = isObject(output) && (output.error !== undefined || output.error_code !== undefined);
  const status = failed || part.is_error === true ? 'error' : 'success';
  turn.part({ type: 'server_tool_result', tool_call_id: id, status, output, extras: rest(part, named) });
}
