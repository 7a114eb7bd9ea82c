import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/exporters/langsmith/convert/json.ts';
import { jsonText } from '../../src/exporters/langsmith/convert/json-writer.ts';
import {
  choicesOf,
  documentsOf,
  messagesOf,
  parametersOf,
  toolsOf,
  usageOf,
} from '../../src/exporters/langsmith/convert/messages/messages.ts';
import type { Shape } from '../../src/exporters/langsmith/convert/messages/shape.ts';

const shapes: readonly (Shape | undefined)[] = [undefined, 'genai', 'events', 'openllmetry', 'openinference', 'vercel', 'responses'];

/** Names and words that occur in real bodies, so that generated values look like bodies often enough. */
const keys = [
  ...[
    'role',
    'content',
    'parts',
    'text',
    'type',
    'id',
    'name',
    'tool_calls',
    'toolCalls',
    'function',
    'function_call',
    'arguments',
    'input',
    'output',
    'args',
  ],
  ...[
    'tool_call_id',
    'refusal',
    'reasoning',
    'thinking',
    'message',
    'messages',
    'choices',
    'candidates',
    'contents',
    'generations',
    'data',
    'source',
    'image',
    'image_url',
    'url',
  ],
  ...[
    'toolUse',
    'toolResult',
    'reasoningContent',
    'functionCall',
    'functionResponse',
    'inlineData',
    'toolRequest',
    'toolResponse',
    'media',
    'event.name',
    'lc',
    'kwargs',
    'extras',
  ],
  ...[
    'summary',
    'call_id',
    'system',
    'instructions',
    'additional_kwargs',
    'finish_reason',
    'index',
    'tools',
    'parameters',
    'documents',
    'metadata',
    '__proto__',
    'constructor',
    'toString',
  ],
];
const words = [
  ...[
    'user',
    'assistant',
    'system',
    'tool',
    'human',
    'text',
    'message',
    'function_call',
    'function_call_output',
    'reasoning',
    'tool_use',
    'tool_result',
    'tool-call',
    'tool-result',
  ],
  ...[
    'image',
    'image_url',
    'blob',
    'file',
    'document',
    'refusal',
    'web_search_call',
    'web_search_tool_result',
    'gen_ai.choice',
    'constructor',
    'ai',
    'server_tool_call',
    '[{"type":"text"}]',
    '',
    'null',
  ],
];
const body = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    fc.constantFrom(...words),
    fc.constantFrom<Json>(null, true, 0, 1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

describe('whatever a body holds', () => {
  it('nothing throws, and everything that comes out is JSON', () => {
    fc.assert(
      fc.property(body, fc.constantFrom(...shapes), (value, shape) => {
        for (const result of [
          messagesOf(value, shape),
          choicesOf(value, shape),
          documentsOf(value),
          toolsOf(value),
          parametersOf(value),
          usageOf(value),
        ]) {
          if (result !== undefined) JSON.parse(jsonText(result));
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('a part whose type is no text has the type of what it holds', () => {
    expect(messagesOf([{ contents: [{ type: true, text: 'said' }] }], 'openllmetry')).toEqual([
      { role: 'user', content: 'said', additional_kwargs: { type: true } },
    ]);
  });

  it('messages have a role that LangSmith knows, and content that is a text, parts, or null for an assistant', () => {
    fc.assert(
      fc.property(body, fc.constantFrom(...shapes), (value, shape) => {
        for (const message of messagesOf([value], shape) ?? []) {
          expect(['system', 'developer', 'user', 'assistant', 'tool']).toContain(message.role);
          if (message.content === null) expect(message.role).toBe('assistant');
          else if (Array.isArray(message.content)) for (const part of message.content) expect(typeof part.type).toBe('string');
          else expect(typeof message.content).toBe('string');
          for (const call of message.tool_calls ?? []) expect(typeof call.function.arguments).toBe('string');
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** Each generated text is unlike all others and unlike every keyword, so that it is found again or is lost. */
let counter = 0;
const token = fc.constant(null).map(() => `token${++counter}`);
const extra = fc.record({ weight: token, more: fc.record({ deep: token }) }, { requiredKeys: [] });
const part = fc.oneof(
  fc.record({ type: fc.constant('text'), text: token }),
  fc.record({ type: fc.constant('text'), content: token, cache: token }),
  fc.record({ type: fc.constantFrom('reasoning', 'thinking'), content: token, signature: token }),
  fc.record({ type: fc.constant('tool_call'), id: token, name: token, arguments: fc.record({ a: token }), more: token }),
  fc.record({
    type: fc.constant('tool_call_response'),
    id: token,
    name: token,
    response: fc.oneof(token, fc.record({ r: token })),
    more: token,
  }),
  fc.record({ type: fc.constant('tool_use'), id: token, name: token, input: fc.record({ a: token }) }),
  fc.record({
    type: fc.constant('tool_result'),
    tool_use_id: token,
    content: fc.oneof(token, fc.array(fc.record({ type: fc.constant('text'), text: token }))),
    note: token,
  }),
  fc.record({ type: fc.constant('server_tool_call'), id: token, name: token, server_tool_call: fc.record({ q: token }), more: token }),
  fc.record({ type: fc.constant('blob'), content: token, more: token }),
  fc.record({ type: fc.constant('image'), source: fc.record({ data: token }), title: token }),
  fc.record({ type: fc.constant('mystery'), x: token }),
  fc.record({
    type: fc.constant('tool-call'),
    toolCallId: token,
    toolName: token,
    input: fc.record({ a: token }),
    providerOptions: fc.record({ o: token }),
  }),
  fc.record({
    type: fc.constant('tool-result'),
    toolCallId: token,
    toolName: token,
    output: fc.record({ type: fc.constant('json'), value: fc.record({ v: token }) }),
  }),
  fc.record({ text: token, extra: token }),
  fc.record({ toolUse: fc.record({ toolUseId: token, name: token, input: fc.record({ a: token }) }) }),
  fc.record({ toolResult: fc.record({ toolUseId: token, content: fc.array(fc.record({ text: token })), other: token }) }),
  fc.record({ functionCall: fc.record({ name: token, args: fc.record({ a: token }), id: token }), thoughtSignature: token }),
  fc.record({ functionResponse: fc.record({ name: token, response: fc.record({ r: token }) }) }),
  fc.record({ toolRequest: fc.record({ name: token, ref: token, input: token }), metadata: fc.record({ m: token }) }),
  fc.record({ toolResponse: fc.record({ name: token, ref: token, output: fc.record({ o: token }) }) }),
  token,
);
const message = fc
  .tuple(
    fc.record({
      role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'model', 'critic'),
      content: fc.oneof(token, fc.array(part, { maxLength: 5 })),
    }),
    fc.record(
      {
        id: token,
        name: token,
        tool_call_id: token,
        refusal: token,
        finish_reason: token,
        reasoning_content: token,
        tool_calls: fc.array(
          fc.record({ id: token, type: fc.constant('function'), function: fc.record({ name: token, arguments: token }), extra: token }),
        ),
        function_call: fc.record({ name: token, arguments: token }),
        additional_kwargs: extra,
        extra,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([base, more]) => ({ ...base, ...more }) as JsonObject);

const tokens = (value: unknown): string[] => JSON.stringify(value).match(/token\d+/g) ?? [];

describe('nothing of a message disappears', () => {
  it('every text of the source is in the messages', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (list) => {
        expect(tokens(messagesOf(list))).toEqual(expect.arrayContaining(tokens(list)));
      }),
      { numRuns: 1000 },
    );
  });

  it('every text of an answer is in the choices', () => {
    fc.assert(
      fc.property(message, (answer) => {
        expect(tokens(choicesOf([answer]))).toEqual(expect.arrayContaining(tokens(answer)));
      }),
      { numRuns: 1000 },
    );
  });

  it('messages that are canonical stay as they are', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (list) => {
        const canonical = JSON.parse(jsonText(messagesOf(list)!)) as Json;
        expect(JSON.parse(jsonText(messagesOf(canonical)!))).toEqual(canonical);
      }),
      { numRuns: 1000 },
    );
  });
});
