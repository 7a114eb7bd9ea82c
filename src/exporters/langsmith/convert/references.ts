/** Content that was stored somewhere else: the address stays in the metadata, and stands in the message as a file. It is never fetched (mapping §16). */
import { type Json, stringOf } from './json.ts';
import { type Slot, slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const instructions = ['gen_ai.system_instructions_ref'].map(slot);
const inputs = ['gen_ai.input.messages_ref', 'claude_code.request_body_ref'].map(slot);
const outputs = ['gen_ai.output.messages_ref', 'claude_code.response_body_ref'].map(slot);

export function referencedInputs(reader: SpanReader): Json | undefined {
  const messages = [...messagesAt(reader, instructions, 'system'), ...messagesAt(reader, inputs, 'user')];
  return messages.length === 0 ? undefined : messages;
}

export function referencedOutputs(reader: SpanReader): Json | undefined {
  const messages = messagesAt(reader, outputs, 'assistant');
  return messages.length === 0 ? undefined : messages;
}

function messagesAt(reader: SpanReader, slots: readonly Slot[], role: string): readonly Json[] {
  return slots.flatMap((slot) => {
    const address = stringOf(reader.peekText(slot));
    return address === undefined ? [] : [{ role, content: [{ type: 'file', file: { file_url: address } }] }];
  });
}
