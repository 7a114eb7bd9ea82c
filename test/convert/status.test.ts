import { describe, expect, it } from 'vitest';
import type { EventFields } from '../../src/otlp/otlp.ts';
import { run, startNano } from './spans.ts';

const exception = (attributes: Record<string, string | boolean>): EventFields => ({
  name: 'exception',
  timeUnixNano: startNano + 5n,
  attributes: Object.entries(attributes),
});

describe('the error of a run', () => {
  it.each([
    ['type and message', { 'exception.type': 'KeyError', 'exception.message': 'k' }, 'KeyError: k'],
    ['no type that says nothing', { 'exception.type': 'Exception', 'exception.message': 'k' }, 'k'],
    ['no type that the message begins with', { 'exception.type': 'KeyError', 'exception.message': 'KeyError: k' }, 'KeyError: k'],
    [
      'the stack trace behind it',
      { 'exception.type': 'E', 'exception.message': 'k', 'exception.stacktrace': 'at x' },
      'E: k\n\nStacktrace:\nat x',
    ],
    ['the stack trace once', { 'exception.message': 'k\nat x', 'exception.stacktrace': 'at x' }, 'k\nat x'],
    ['the type alone', { 'exception.type': 'KeyError' }, 'KeyError'],
  ])('is made of an exception: %s', (_, attributes, error) => {
    expect(run({}, { events: [exception(attributes)] })).toMatchObject({ status: 'error', error });
  });

  it('has the status message as another line when that says more', () => {
    const events = [exception({ 'exception.message': 'boom' })];
    expect(run({}, { events, status: { code: 2, message: 'while closing' } })).toMatchObject({ error: 'boom\nwhile closing' });
    expect(run({}, { events, status: { code: 2, message: 'boom' } })).toMatchObject({ error: 'boom' });
  });

  it('is the last exception, and the others stay events', () => {
    const events = [exception({ 'exception.message': 'first' }), exception({ 'exception.message': 'last' })];
    const failed = run({}, { events, status: { code: 2 } });
    expect(failed).toMatchObject({ error: 'last', events: [{ kwargs: { 'exception.message': 'first' } }] });
    expect(failed.events).toHaveLength(1);
  });

  it('is verbatim for the SDK, whose exceptions are whole error texts', () => {
    const events = [exception({ 'exception.type': 'KeyError', 'exception.message': 'all of it', 'exception.stacktrace': 'no' })];
    expect(run({}, { events, status: { code: 2 } }, 'langsmith')).toMatchObject({ error: 'all of it' });
  });

  it.each([
    ['the message of the status', { 'error.type': 'T' }, 'said', 'said'],
    ['error.message', { 'error.message': 'm', 'error.type': 'T' }, '', 'm'],
    ['the HTTP status', { 'http.response.status_code': 502, 'error.type': 'T' }, '', 'HTTP 502'],
    ['the error type', { 'error.type': 'T' }, '', 'T'],
    ['a fixed sentence', {}, '', 'Span status ERROR'],
  ])('without an exception is %s', (_, attributes, message, error) => {
    expect(run(attributes, { status: { code: 2, message } })).toMatchObject({ status: 'error', error });
  });

  it('is the output of a tool that failed', () => {
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.call.result': 'no such file',
      'gen_ai.tool.status': 'error',
    };
    expect(run(attributes)).toMatchObject({ status: 'error', error: 'no such file' });
  });
});

describe('the status of a run', () => {
  it('is success when a caught exception was handled', () => {
    const handled = run({}, { events: [exception({ 'exception.message': 'k', 'exception.escaped': false })] });
    expect(handled).toMatchObject({ status: 'success' });
    expect(run({}, { events: [exception({ 'exception.message': 'k' })], status: { code: 1 } })).toMatchObject({ status: 'success' });
  });

  it('is error when error.type is set and the status is not', () => {
    expect(run({ 'error.type': 'Timeout' })).toMatchObject({ status: 'error', extra: { metadata: { error_type: 'Timeout' } } });
  });

  it('is pending without an end', () => {
    const pending = run({}, { endTimeUnixNano: 0n });
    expect(pending).toMatchObject({ status: 'pending' });
    expect(pending).not.toHaveProperty('end_time');
  });

  it('tells an interruption from a failure', () => {
    const interrupted = run({ 'error.type': 'asyncio.CancelledError' }, { status: { code: 2 } });
    expect(interrupted).toMatchObject({ status: 'error', extra: { metadata: { ls_is_error_interrupt: true } } });
  });
});
