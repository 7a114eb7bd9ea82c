/** `extra.metadata` in its merge order: resource and scope, unused attributes, other vendors' metadata, what was derived, and `langsmith.metadata.*` last (mapping §13.2). */
import type { Explicit } from './explicit.ts';
import { emptyObject, isArray, isSame, type Json, type JsonObject, type RawJson, stringOf } from './json.ts';
import { type KeyText, keyTextOf } from './key-text.ts';

/** Values that make LangSmith read messages in another shape than the one that is written (mapping §7.1). */
const foreignShapes = new Set([
  'langchain_chat_model',
  'deepagents',
  'deepagents-cli',
  'openai-agents-sdk',
  'claude-agent-sdk',
  'claude-code',
  'vercel-ai-sdk',
]);

export const isForeignShape = (integration: Json | undefined): boolean => foreignShapes.has(stringOf(integration) ?? '');

const namesMax = 4_096;

/** What runs of one resource and scope have in common: by name, and as the JSON members that it is. None is null. */
export interface SharedMetadata {
  readonly values: JsonObject;
  readonly members: RawJson | undefined;
}

const nothing: SharedMetadata = { values: emptyObject(), members: undefined };

/** A name, and its value in the run that `run` counts. */
class Member {
  readonly name: string;
  readonly text: KeyText | undefined;
  value: Json | undefined;
  run = 0;
  /** Its value in the shared metadata that `sharing` counts. */
  shared: Json | undefined;
  sharing = 0;

  constructor(name: string) {
    this.name = name;
    this.text = keyTextOf(name);
  }
}

/**
 * The metadata of one run under way, in the order in which names came. Reused: `begin`, then any number of puts, then `end`, which lets go of the values.
 * Names repeat from run to run, so their members stay and each says which run it was last in: a run costs neither an object nor a hash table.
 *
 * States: what is shared is whole, and stands as JSON before all others; or the run says something under one of its names, then it is spread into members.
 */
export class Metadata {
  /** Per name the values that a later one replaced. */
  overridden: JsonObject | undefined;
  readonly #byName = new Map<string, Member>();
  readonly #members: Member[] = [];
  #length = 0;
  #run = 0;
  #shared = nothing;
  #sharing = 0;
  #isWhole = true;

  begin(shared: SharedMetadata): void {
    this.end();
    this.overridden = undefined;
    this.#run++;
    if (this.#byName.size > namesMax) {
      this.#byName.clear();
      this.#shared = nothing;
    }
    if (shared !== this.#shared) this.#share(shared);
    this.#isWhole = true;
  }

  end(): void {
    for (let at = 0; at < this.#length; at++) this.#members[at]!.value = undefined;
    this.#length = 0;
  }

  /** What stands before the members of its own. */
  get members(): RawJson | undefined {
    return this.#isWhole ? this.#shared.members : undefined;
  }

  /** Members of its own. */
  get length(): number {
    return this.#length;
  }

  /** `value` may be `undefined`, then the member is not written. */
  at(index: number): { readonly name: string; readonly text: KeyText | undefined; readonly value: Json | undefined } {
    return this.#members[index]!;
  }

  get(name: string): Json | undefined {
    const member = this.#byName.get(name);
    if (member === undefined) return undefined;
    if (member.run === this.#run) return member.value;
    return member.sharing === this.#sharing ? member.shared : undefined;
  }

  set(name: string, value: Json | undefined): void {
    this.#member(name).value = value;
  }

  put(name: string, value: Json): void {
    const member = this.#member(name);
    if (member.value !== undefined && !isSame(member.value, value)) this.#override(name, member.value);
    member.value = value;
  }

  putAll(source: JsonObject): void {
    for (const name in source) {
      const value = source[name];
      if (value !== undefined && value !== null) this.put(name, value);
    }
  }

  /** Other vendors' words, what was derived, and the sender's own. `placed`: what the run has under that name in a place of its own. */
  putSaid({ own, vendor, replaced }: Explicit, derived: JsonObject, placed: JsonObject): void {
    for (const [name, value] of replaced) this.#override(name, value);
    this.putAll(vendor);
    this.putAll(derived);
    this.putAll(own);
    for (const name in placed) this.#place(name, placed[name]);
  }

  /** The messages are in our shape, whatever the sender's integration would have made of them. */
  moveIntegration(integration: Json | undefined): void {
    this.set('ls_integration_original', this.get('ls_integration'));
    this.set('ls_integration', integration);
  }

  /** It would be hidden by what the run says there. */
  #place(name: string, told: Json | undefined): void {
    const value = this.get(name);
    if (value === undefined) return;
    if (!isSame(value, told) && !(typeof value === 'number' && `${value}` === told)) this.#override(name, value);
    this.set(name, undefined);
  }

  #share(shared: SharedMetadata): void {
    this.#shared = shared;
    this.#sharing++;
    for (const name in shared.values) {
      const member = this.#named(name);
      member.shared = shared.values[name];
      member.sharing = this.#sharing;
    }
  }

  /** What is shared becomes members of the run, before those that it has. */
  #spread(): void {
    const own = this.#members.slice(0, this.#length);
    this.#isWhole = false;
    this.#length = 0;
    for (const name in this.#shared.values) {
      const member = this.#named(name);
      this.#add(member);
      member.value = member.shared;
    }
    for (const member of own) this.#members[this.#length++] = member;
  }

  #member(name: string): Member {
    const member = this.#named(name);
    if (member.run !== this.#run && member.sharing === this.#sharing && this.#isWhole) this.#spread();
    if (member.run !== this.#run) this.#add(member);
    return member;
  }

  #add(member: Member): void {
    member.run = this.#run;
    this.#members[this.#length++] = member;
  }

  #named(name: string): Member {
    let member = this.#byName.get(name);
    if (member === undefined) this.#byName.set(name, (member = new Member(name)));
    return member;
  }

  #override(name: string, before: Json): void {
    this.overridden ??= emptyObject();
    const earlier = this.overridden[name];
    this.overridden[name] = isArray(earlier) ? [...earlier, before] : [before];
  }
}
