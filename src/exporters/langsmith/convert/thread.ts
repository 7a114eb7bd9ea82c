/** Thread keys (mapping §13.3) and the project (§13.4). */

import type { Caller } from '../../../model/batch.ts';
import { uuidOrNone } from '../../../model/ids.ts';
import { unquoted } from './coerce.ts';
import { type Json, type JsonObject, stringOf } from './json.ts';
import { type Slot, slot, topic } from './keys.ts';
import { fields } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

export type Thread = readonly (readonly [key: string, value: string])[];

/** In the order in which LangSmith looks for them. */
export const threadKeys = ['session_id', 'conversation_id', 'thread_id'] as const;
const bare = threadKeys.map(slot);
const none: Thread = [];
const threaded = topic([...bare, ...fields.conversation, ...fields.thread, ...fields.session]);

/** What the span says in so many words, else what it says in its dialect's. `projectSession`: a chat id that was sent in the project's place. */
export function threadOf(reader: SpanReader, explicit: JsonObject, projectSession: string): Thread {
  if (projectSession === '' && !reader.speaksOf(threaded) && !hasThreadKey(explicit)) return none;
  const said = explicitThread(reader, explicit);
  if (said.length > 0) return said;
  const conversation = firstSaid(reader, fields.conversation);
  const chat = conversation ?? firstSaid(reader, fields.thread);
  const session = firstSaid(reader, fields.session) ?? (projectSession === '' ? undefined : { value: projectSession, slot: undefined });
  if (chat === undefined) return session === undefined ? none : keyed(reader, 'session_id', session);
  const key = conversation === undefined ? 'thread_id' : 'conversation_id';
  const thread = keyed(reader, key, chat);
  // A browser session holds several chats, and its key would win: it stays under its own name.
  return session !== undefined && session.value === chat.value ? [...keyed(reader, 'session_id', session), ...thread] : thread;
}

function hasThreadKey(explicit: JsonObject): boolean {
  for (const key of threadKeys) if (explicit[key] !== undefined) return true;
  return false;
}

function explicitThread(reader: SpanReader, explicit: JsonObject): Thread {
  const said: [string, string][] = [];
  for (const [at, key] of threadKeys.entries()) {
    const value = idOf(explicit[key]) ?? reader.takeText(bare[at] as Slot);
    if (value !== undefined) said.push([key, value]);
  }
  return said;
}

function idOf(value: Json | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : stringOf(value);
}

interface Said {
  readonly value: string;
  readonly slot: Slot | undefined;
}

function firstSaid(reader: SpanReader, slots: readonly Slot[]): Said | undefined {
  for (const slot of slots) {
    const value = reader.peekText(slot);
    if (value !== undefined) return { value: unquoted(value), slot };
  }
  return undefined;
}

function keyed(reader: SpanReader, key: string, said: Said): Thread {
  if (said.slot !== undefined) reader.use(said.slot);
  return [[key, said.value]];
}

export interface Project {
  readonly name: string;
  readonly id: string;
  /** A chat's id that was sent as `langsmith.trace.session_id`. */
  readonly session: string;
}

const sessionId = slot('langsmith.trace.session_id');
const projects = topic([sessionId, ...fields.projectId, ...fields.project, ...fields.otherProject]);
const header = 'langsmith-project';
const resourceKeys = ['openinference.project.name', 'langsmith.project'] as const;

/** The span's own word, then the request's, the resource's, and what the span says beside (mapping §13.4); '' leaves it to the exporter. */
export function projectOf(reader: SpanReader, caller: Caller): Project {
  if (!reader.speaksOf(projects)) return { name: projectAround(reader, caller), id: '', session: '' };
  const given = reader.takeText(sessionId) ?? '';
  const isId = uuidOrNone(given) !== '';
  const session = isId ? '' : given;
  if (session !== '') reader.warn('langsmith.trace.session_id is not a project id; it was taken as a chat session');
  const id = isId ? uuidOrNone(given) : projectId(reader);
  if (id !== '') return { name: '', id, session };
  const name = reader.firstText(fields.project) ?? (projectAround(reader, caller) || (reader.firstText(fields.otherProject) ?? ''));
  return { name, id: '', session };
}

function projectAround(reader: SpanReader, caller: Caller): string {
  return caller.metadata.get(header)?.[0] ?? resourceProject(reader);
}

function projectId(reader: SpanReader): string {
  for (const slot of fields.projectId) {
    const id = uuidOrNone(reader.peekText(slot) ?? '');
    if (id === '') continue;
    reader.use(slot);
    return id;
  }
  return '';
}

function resourceProject({ resource }: SpanReader): string {
  for (const key of resourceKeys) {
    const name = resource.attributes.get(key);
    if (typeof name === 'string' && name !== '') return name;
  }
  return '';
}
