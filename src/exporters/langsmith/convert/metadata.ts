/** `extra.metadata` in its merge order: resource and scope, unused attributes, other vendors' metadata, what was derived, and `langsmith.metadata.*` last (mapping §13.2). */
import type { Explicit } from './explicit.ts';
import { emptyObject, isArray, isSame, type Json, type JsonObject, stringOf } from './json.ts';

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

/** A name, and its value in the run that `run` counts. */
class Member {
  readonly name: string;
  value: Json | undefined;
  run = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * The metadata of one run under way, in the order in which names came. Reused: `begin`, then any number of puts, then `end`, which lets go of the values.
 * Names repeat from run to run, so their members stay and each says which run it was last in: a run costs neither an object nor a hash table.
 */
export class Metadata {
  /** Per name the values that a later one replaced. */
  overridden: JsonObject | undefined;
  readonly #byName = new Map<string, Member>();
  readonly #members: Member[] = [];
  #length = 0;
  #run = 0;

  begin(): void {
    this.end();
    this.overridden = undefined;
    this.#run++;
    if (this.#byName.size > namesMax) this.#byName.clear();
  }

  end(): void {
    for (let at = 0; at < this.#length; at++) this.#members[at]!.value = undefined;
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  /** `value` may be `undefined`, then the member is not written. */
  at(index: number): { readonly name: string; readonly value: Json | undefined } {
    return this.#members[index]!;
  }

  get(name: string): Json | undefined {
    const member = this.#byName.get(name);
    return member?.run === this.#run ? member.value : undefined;
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

  #member(name: string): Member {
    let member = this.#byName.get(name);
    if (member === undefined) this.#byName.set(name, (member = new Member(name)));
    if (member.run !== this.#run) {
      member.run = this.#run;
      this.#members[this.#length++] = member;
    }
    return member;
  }

  #override(name: string, before: Json): void {
    this.overridden ??= emptyObject();
    const earlier = this.overridden[name];
    this.overridden[name] = isArray(earlier) ? [...earlier, before] : [before];
  }
}
