import { memberOf } from '../coerce.ts';
import { type Json, stringOf } from '../json.ts';
import { type Slot, slot } from '../keys.ts';
import type { SpanReader } from '../span-reader.ts';

/** Other spellings of a field, between `dify.<field>` and Dify's metadata (mapping §19.2). */
const spellings: Readonly<Record<string, readonly string[]>> = {
  message_id: ['dify.message.id'],
  conversation_id: ['dify.conversation.id'],
  workflow_run_id: ['dify.workflow.run_id'],
  workflow_id: ['dify.workflow.id'],
  version: ['dify.workflow.version'],
  user_id: ['dify.user.id', 'gen_ai.user.id'],
  user_session_id: ['dify.session.id'],
  node_id: ['dify.node.id', 'node.id'],
  node_execution_id: ['dify.node.execution_id', 'node.execution_id'],
  node_type: ['dify.node.type', 'node.type'],
};
/** Fields whose text may hold JSON. */
const structured = new Set([
  ...['inputs', 'outputs', 'workflow_run_inputs', 'workflow_run_outputs', 'documents', 'suggested_question', 'file_list'],
  ...['tool_inputs', 'tool_outputs', 'tool_config', 'tool_parameters', 'message_file_data', 'usage'],
]);
const difyMetadata = slot('dify.metadata');
const metadata = slot('metadata');

interface Names {
  readonly dify: readonly Slot[];
  readonly flat: Slot;
  readonly bare: Slot;
}

function namesOf(field: string): Names {
  return {
    dify: [`dify.${field}`, ...(spellings[field] ?? [])].map(slot),
    flat: slot(`dify.metadata.${field}`),
    bare: slot(field),
  };
}

/** The fields of one span's record, wherever its emitter put them. */
export class DifyFields {
  readonly #reader: SpanReader;
  readonly #names: ReadonlyMap<string, Names>;
  readonly #own: Json | undefined;
  readonly #shared: Json | undefined;

  constructor(reader: SpanReader, names: ReadonlyMap<string, Names>) {
    this.#reader = reader;
    this.#names = names;
    this.#own = reader.peekJson(difyMetadata);
    this.#shared = reader.peekJson(metadata);
  }

  get(field: string): Json | undefined {
    return this.#find(field, false);
  }

  /** The value now stands in the run, so its attribute is used up. */
  take(field: string): Json | undefined {
    return this.#find(field, true);
  }

  #find(field: string, use: boolean): Json | undefined {
    const names = this.#names.get(field);
    if (names === undefined) return undefined;
    for (const slot of names.dify) {
      const value = this.#attribute(slot, field, use);
      if (value !== undefined) return value;
    }
    return (
      said(memberOf(this.#own, field)) ??
      this.#attribute(names.flat, field, use) ??
      said(memberOf(this.#shared, field)) ??
      this.#attribute(names.bare, field, use)
    );
  }

  text(field: string): string {
    const value = this.get(field);
    return typeof value === 'number' ? String(value) : (stringOf(value) ?? '');
  }

  /** The first of these fields that is there. */
  first(fields: readonly string[]): Json | undefined {
    for (const field of fields) {
      const value = this.get(field);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #attribute(slot: Slot, field: string, use: boolean): Json | undefined {
    const value = said(structured.has(field) ? this.#reader.peekJson(slot) : this.#reader.peekLeaf(slot));
    if (use && value !== undefined) this.#reader.use(slot);
    return value;
  }
}

/** An empty list is something that is said; an empty text is not. */
function said(value: Json | undefined): Json | undefined {
  return value === null || value === '' ? undefined : value;
}

/** Gives the fields their slots; for use while modules load. */
export function difyFields(fields: Iterable<string>): ReadonlyMap<string, Names> {
  return new Map([...new Set(fields)].map((field) => [field, namesOf(field)]));
}
