/** How LangSmith's Messages view reads a run (mapping §7.1): one shape per trace, so a run says which only if it is written in ours. */
import { Mark } from '../../../model/draft.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { isForeignShape, type Metadata } from './metadata.ts';
import type { Payload } from './payload.ts';

export interface Format {
  readonly marks: number;
  /** The run itself says `ls_message_format`. */
  readonly said: boolean;
}

export function formatOf(kind: Kind, payload: Payload, metadata: Metadata, sdk: boolean): Format {
  if (metadata.get('ls_message_format') !== undefined) return { marks: 0, said: false };
  if (sdk || isForeign(metadata)) return { marks: Mark.foreign, said: false };
  if (kind.runType === 'llm') {
    const canonical = isConversation(payload.inputs) || isConversation(payload.outputs);
    return canonical ? { marks: Mark.canonical | Mark.format, said: true } : { marks: Mark.formatIfRoot, said: false };
  }
  if (kind.runType === 'tool' || kind.agent) return { marks: Mark.format, said: true };
  return { marks: Mark.formatIfRoot, said: false };
}

function isConversation(value: JsonObject | undefined): boolean {
  return isObject(value) && (isArray(value.messages) || isArray(value.choices) || value.prompt !== undefined);
}

function isForeign(metadata: Metadata): boolean {
  return (
    metadata.get('graph_id') !== undefined || metadata.get('langgraph_node') !== undefined || isForeignShape(metadata.get('ls_integration'))
  );
}
