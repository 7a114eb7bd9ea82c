/** Every shape in which a message may hold media (mapping §13.6): small ones stay in it, large ones become attachments of the run. */
import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { runJson } from '../../src/exporters/langsmith/convert/run-json.ts';
import type { Draft } from '../../src/model/draft.ts';
import { caller, entriesOf, sent } from './spans.ts';

const content = Buffer.alloc(3_000, 7);
const base64 = content.toString('base64');
const llm = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
const dataUrl = (type: string): string => `data:${type};base64,${base64}`;

/** The shape's name, the attributes that hold it, the attachment's name and type. */
type Shape = readonly [what: string, attributes: Readonly<Record<string, unknown>>, name: string, contentType: string];

const input = (...parts: unknown[]) => ({ 'input.value': JSON.stringify({ messages: [{ role: 'user', content: parts }] }) });
const genai = (part: unknown) => ({ 'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [part] }]) });
const vercel = (part: unknown) => ({
  'ai.prompt.messages': JSON.stringify([{ role: 'user', content: [part] }]),
  'operation.name': 'ai.generateText.doGenerate',
  'ai.operationId': 'ai.generateText.doGenerate',
});
const gemini = (part: unknown) => ({ 'input.value': JSON.stringify({ contents: [{ role: 'user', parts: [part] }] }) });

const shapes: readonly Shape[] = [
  ['image_url of OpenAI', input({ type: 'image_url', image_url: { url: dataUrl('image/jpeg') } }), 'msg0_part0_jpeg', 'image/jpeg'],
  ['input_audio of OpenAI', input({ type: 'input_audio', input_audio: { data: base64, format: 'mp3' } }), 'msg0_part0_mp3', 'audio/mp3'],
  [
    'file of OpenAI',
    input({ type: 'file', file: { filename: 'a.pdf', file_data: dataUrl('application/pdf') } }),
    'msg0_part0_pdf',
    'application/pdf',
  ],
  [
    'file of OpenAI without a data URL',
    input({ type: 'file', file: { filename: 'a.pdf', file_data: base64 } }),
    'msg0_part0_octet_stream',
    'application/octet-stream',
  ],
  [
    'input_image of OpenAI responses',
    { 'input.value': JSON.stringify({ input: [{ role: 'user', content: [{ type: 'input_image', image_url: dataUrl('image/webp') }] }] }) },
    'msg0_part0_webp',
    'image/webp',
  ],
  [
    'image of Anthropic',
    input({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } }),
    'msg0_part0_png',
    'image/png',
  ],
  [
    'document of Anthropic',
    input({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: base64 } }),
    'msg0_part0_pdf',
    'application/pdf',
  ],
  ['inlineData of Gemini', gemini({ inlineData: { mimeType: 'image/heic', data: base64 } }), 'msg0_part0_heic', 'image/heic'],
  ['inline_data of Gemini, a film', gemini({ inline_data: { mime_type: 'video/mp4', data: base64 } }), 'msg0_part0_mp4', 'video/mp4'],
  ['image of Bedrock', input({ image: { format: 'png', source: { bytes: base64 } } }), 'msg0_part0_png', 'image/png'],
  [
    'document of Bedrock',
    input({ document: { format: 'pdf', name: 'd', source: { bytes: base64 } } }),
    'msg0_part0_pdf',
    'application/pdf',
  ],
  ['image of the AI SDK', vercel({ type: 'image', image: base64, mediaType: 'image/gif' }), 'msg0_part0_gif', 'image/gif'],
  [
    'image of the AI SDK, byte by byte',
    vercel({ type: 'image', image: { ...content }, mediaType: 'image/gif' }),
    'msg0_part0_gif',
    'image/gif',
  ],
  ['file of the AI SDK', vercel({ type: 'file', data: base64, mediaType: 'text/csv' }), 'msg0_part0_csv', 'text/csv'],
  [
    'blob of the GenAI conventions',
    genai({ type: 'blob', mime_type: 'audio/wav', modality: 'audio', content: base64 }),
    'msg0_part0_wav',
    'audio/wav',
  ],
  [
    'blob of a kind that nobody knows',
    genai({ type: 'blob', mime_type: 'application/x-thing', content: base64 }),
    'msg0_part0_x_thing',
    'application/x-thing',
  ],
  [
    'media of Genkit',
    {
      'genkit:input': JSON.stringify({
        messages: [{ role: 'user', content: [{ media: { url: dataUrl('image/png'), contentType: 'image/png' } }] }],
      }),
      'genkit:type': 'action',
      'genkit:metadata:subtype': 'model',
    },
    'msg0_part0_png',
    'image/png',
  ],
  [
    'images of Ollama',
    { 'input.value': JSON.stringify({ model: 'llava', messages: [{ role: 'user', content: 'what?', images: [base64] }] }) },
    'msg0_part1_png',
    'image/png',
  ],
  [
    'files of an answer of the AI SDK',
    {
      'operation.name': 'ai.generateText.doGenerate',
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.response.text': 't',
      'ai.response.files': JSON.stringify([{ type: 'file', mediaType: 'image/png', data: base64 }]),
    },
    'output_msg0_part1_png',
    'image/png',
  ],
  [
    'sound of an answer of OpenAI',
    {
      'output.value': JSON.stringify({
        choices: [{ index: 0, message: { role: 'assistant', content: null, audio: { id: 'a', data: base64, transcript: 'hi' } } }],
      }),
    },
    'output_msg0_audio_wav',
    'audio/wav',
  ],
  ['picture that OpenAI generated', { 'output.value': JSON.stringify({ data: [{ b64_json: base64 }] }) }, 'output_part0_png', 'image/png'],
  [
    'picture that a tool call of OpenAI responses generated',
    { 'output.value': JSON.stringify({ output: [{ type: 'image_generation_call', id: 'i', result: base64 }] }) },
    'output_msg0_part2_png',
    'image/png',
  ],
];

const saidIn = (draft: Draft): string => {
  const { inputs, outputs } = runJson(draft);
  return JSON.stringify({ inputs, outputs });
};

const convertBelow = (attributes: Readonly<Record<string, unknown>>, inlineMediaBytesMax: number) => {
  const { span, scope, resource } = sent({ name: 'span', attributes: entriesOf({ ...llm, ...attributes }) });
  return createConverter({ inlineMediaBytesMax })(span, scope, resource, caller);
};

describe('media', () => {
  it.each(shapes)('%s becomes an attachment where it is large', (_, attributes, name, contentType) => {
    const draft = convertBelow(attributes, 2_999);
    expect(draft.body.attachments.map((each) => [each.name, each.contentType, content.equals(each.content)])).toEqual([
      [name, contentType, true],
    ]);
    const text = saidIn(draft);
    expect(text).toContain(`[attachment: ${name}]`);
    expect(text).not.toContain(base64.slice(0, 100));
  });

  it.each(shapes)('%s stays in its message where it is small', (_, attributes) => {
    const draft = convertBelow(attributes, 3_000);
    expect(draft.body.attachments).toEqual([]);
    expect(saidIn(draft)).toContain(base64);
  });

  it('that are not base64 stay where they are, with a warning', () => {
    const draft = convertBelow(input({ type: 'image_url', image_url: { url: `data:image/png;base64,${'%'.repeat(5_000)}` } }), 2_000);
    expect(draft.body.attachments).toEqual([]);
    expect(saidIn(draft)).toContain('%%%%');
    expect(runJson(draft)).toHaveProperty(['extra', 'otel', 'warnings'], ['media in a message are not base64, and stay where they are']);
  });

  it('that are large become 64 attachments at most', () => {
    const part = { type: 'image_url', image_url: { url: dataUrl('image/png') } };
    const { body } = convertBelow(input(...Array.from({ length: 70 }, () => part)), 2_000);
    expect(body.attachments).toHaveLength(64);
  });

  it('are told apart from long texts and from addresses', () => {
    const draft = convertBelow(
      input('A'.repeat(5_000), { type: 'image_url', image_url: { url: `https://a/${'a'.repeat(5_000)}` } }),
      2_000,
    );
    expect(draft.body.attachments).toEqual([]);
  });

  it('have names that no header chokes on, and that nothing else of the run has', () => {
    const named = JSON.stringify([{ name: 'msg0_part0_x_y_z', content: 'eA==', mime_type: 'text/plain' }]);
    const part = { type: 'file', file: { file_data: dataUrl('application/x-y.z') } };
    const { attachments } = convertBelow({ ...input(part), 'langsmith.attachments': named }, 2_000).body;
    expect(attachments.map(({ name }) => name)).toEqual(['msg0_part0_x_y_z', 'msg0_part0_x_y_z_2']);
  });

  it('byte for byte as long as allowed stay', () => {
    for (const length of [2_998, 2_999, 3_000]) {
      const url = `data:image/png;base64,${Buffer.alloc(length, 7).toString('base64')}`;
      const { body } = convertBelow(input({ type: 'image_url', image_url: { url } }), 3_000);
      expect(body.attachments).toEqual([]);
    }
  });
});
