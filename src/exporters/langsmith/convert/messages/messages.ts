/**
 * The one message shape of LangSmith's Messages view (mapping §7), from the bodies of every provider and framework.
 *
 * Read on: `bodies.ts` and `answers.ts` find the messages, `conversation.ts` walks them, `read-message.ts` and `parts.ts` put each into a `Turn`, which
 * makes the canonical messages. A source shape is a `…-parts.ts` file: a table of the parts it has.
 */
import type { Json } from '../json.ts';
import { choicesIn } from './answers.ts';
import { conversationIn } from './bodies.ts';
import { readConversation } from './conversation.ts';
import type { Choice, Message } from './message.ts';
import type { Shape } from './shape.ts';

export { documentsOf } from './documents.ts';
export { parametersOf } from './parameters.ts';
export { toolsOf } from './tools.ts';
export { usageOf } from './usage.ts';

/** The messages of a list or of a whole request body. `undefined`: this is no conversation. Never throws. */
export function messagesOf(value: Json, shape?: Shape): Message[] | undefined {
  const elements = conversationIn(value, shape);
  return elements === undefined ? undefined : readConversation(elements, shape);
}

/** The choices of a whole answer, or of a list of messages that a model answered. Finish reasons stay as they were said. Never throws. */
export function choicesOf(value: Json, shape?: Shape): Choice[] | undefined {
  return choicesIn(value, shape);
}
