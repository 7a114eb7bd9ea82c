import { describe, expect, it } from 'vitest';
import { createConverter } from '../../src/exporters/langsmith/convert/convert.ts';
import { resourceOf, scopeOf } from '../../src/otlp/otlp.ts';
import { caller, draftOf, entriesOf, run, sent } from './spans.ts';

const thread = (attributes: Record<string, unknown>) => draftOf({ name: 'x', attributes: entriesOf(attributes) }).skeleton.thread;

describe('thread keys', () => {
  it.each([
    ['what is said explicitly keeps its key', { 'langsmith.metadata.thread_id': 't', 'gen_ai.conversation.id': 'c' }, [['thread_id', 't']]],
    [
      'bare attributes are explicit',
      { session_id: 's', thread_id: 't' },
      [
        ['session_id', 's'],
        ['thread_id', 't'],
      ],
    ],
    ['the metadata object is explicit', { metadata: '{"conversation_id":"c"}', 'session.id': 's' }, [['conversation_id', 'c']]],
    ['a conversation is a conversation', { 'gen_ai.conversation.id': 'c' }, [['conversation_id', 'c']]],
    ['a chat is a thread', { 'traceloop.association.properties.chat_id': 'c' }, [['thread_id', 'c']]],
    ['a session alone is a session', { 'session.id': 's' }, [['session_id', 's']]],
    [
      'equal ids get both keys',
      { 'session.id': 'x', 'gen_ai.conversation.id': 'x' },
      [
        ['session_id', 'x'],
        ['conversation_id', 'x'],
      ],
    ],
    [
      'a session with another conversation in it gives way',
      { 'session.id': 's', 'gen_ai.conversation.id': 'c' },
      [['conversation_id', 'c']],
    ],
    ['an MCP session is none', { 'mcp.session.id': 'm' }, []],
    ['a chat id in the place of the project is a session', { 'langsmith.trace.session_id': 'chat-1' }, [['session_id', 'chat-1']]],
  ])('%s', (_, attributes, expected) => {
    expect(thread(attributes)).toEqual(expected);
  });
});

describe('the project', () => {
  const convert = createConverter();
  const project = (attributes: Record<string, unknown>, header: string, resource: Record<string, unknown>) => {
    const { span, ...where } = sent({ attributes: entriesOf(attributes) }, scopeOf(''), resourceOf(entriesOf(resource)));
    const metadata = new Map(header === '' ? [] : [['langsmith-project', [header]]]);
    const { project, projectId } = convert(span, where.scope, where.resource, { ...caller, metadata }).skeleton;
    return [project, projectId];
  };
  const id = '11111111-1111-4111-8111-111111111111';

  it('is the span’s, then the request’s, then the resource’s, then nobody’s', () => {
    const resource = { 'langsmith.project': 'from-resource' };
    expect(project({ 'langsmith.trace.session_name': 'from-span' }, 'from-header', resource)).toEqual(['from-span', '']);
    expect(project({}, 'from-header', resource)).toEqual(['from-header', '']);
    expect(project({}, '', resource)).toEqual(['from-resource', '']);
    expect(project({}, '', {})).toEqual(['', '']);
  });

  it('is what the span says beside only where neither the request nor the resource says one', () => {
    const beside = ['openinference.project.name', 'langsmith.project', 'dify_project_name'];
    for (const key of beside) {
      expect(project({ [key]: 'from-span' }, 'from-header', {})).toEqual(['from-header', '']);
      expect(project({ [key]: 'from-span' }, '', { 'langsmith.project': 'from-resource' })).toEqual(['from-resource', '']);
      expect(project({ [key]: 'from-span' }, '', {})).toEqual(['from-span', '']);
    }
    const all = Object.fromEntries(beside.map((key) => [key, `from ${key}`]));
    expect(project(all, '', {})).toEqual(['from openinference.project.name', '']);
  });

  it('is an id where the span gives one', () => {
    expect(project({ 'langsmith.trace.session_id': id, 'langsmith.trace.session_name': 'n' }, '', {})).toEqual(['', id]);
  });
});

describe('identity', () => {
  it('is the padded span id, as LangSmith computes it', () => {
    expect(run({})).toMatchObject({ id: '00000000-0000-0000-b7ad-6b7169203331', trace_id: '00000000-0000-0000-b7ad-6b7169203331' });
  });

  it('takes explicit ids only if they are UUIDs', () => {
    const odd = run({ 'langsmith.span.id': 'x' });
    expect(odd).toMatchObject({ id: '00000000-0000-0000-b7ad-6b7169203331', extra: { metadata: { 'langsmith.span.id': 'x' } } });
  });

  it.each([
    ['flags say remote', { flags: 0x300, kind: 1 }, true],
    ['flags say local', { flags: 0x100, kind: 2 }, false],
    ['no flags, a server', { flags: 0, kind: 2 }, true],
    ['no flags, a client', { flags: 0, kind: 3 }, false],
  ])('knows where the parent is: %s', (_, fields, parentRemote) => {
    expect(draftOf({ parentSpanId: '00f067aa0ba902b7', ...fields }).skeleton).toMatchObject({ parentRemote });
  });

  it('can be a root in spite of a parent', () => {
    expect(draftOf({ parentSpanId: '00f067aa0ba902b7', attributes: [['langsmith.is_root', 'true']] }).skeleton).toMatchObject({
      explicitRoot: true,
    });
  });
});
