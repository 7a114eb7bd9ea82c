import { describe, expect, it } from 'vitest';
import { formatProblem, loadConfig } from '../../src/config/load.ts';
import { problemAt } from '../../src/config/problem.ts';
import { factories } from './factories.ts';

function at(text: string, offset: number) {
  return problemAt({ source: { name: 'gateway.yaml', text, hidden: false }, offset }, 'exporters::x', 'is wrong');
}

describe('a problem', () => {
  it('names line and column from 1 and points at the place, behind tabs too', () => {
    const text = 'a: 1\n\tb: 2\n';
    expect(formatProblem(at(text, text.indexOf('b')))).toBe('gateway.yaml:2:2: exporters::x: is wrong\n    \tb: 2\n    \t^');
  });

  it.each([
    ['api_key: lsv2_secret', 'api_key: [REDACTED]'],
    ['"api_key" : lsv2_secret', '"api_key" : [REDACTED]'],
    ['x: { api_key: lsv2_secret, project: p }', 'x: { api_key: [REDACTED], project: p }'],
    ['x: { api_key: "lsv2, secret", project: p }', 'x: { api_key: [REDACTED], project: p }'],
    ['headers: { a: lsv2_secret, b: lsv2_secret }', 'headers: [REDACTED]'],
    ['authorization: Bearer lsv2_secret, more }', 'authorization: [REDACTED]'],
    [`password: \${env:P:-lsv2_secret}`, 'password: [REDACTED]'],
    [`api_key: \${env:KEY}`, `api_key: \${env:KEY}`],
    ['key_file: /etc/tls.key', 'key_file: /etc/tls.key'],
  ])('shows the line %s as %s', (line, shown) => {
    expect(at(line, 0).sourceLine).toBe(shown);
  });

  it('prints no control characters of a file', () => {
    const problem = { file: 'a\u001b[31m', line: 1, col: 1, path: '', sentence: 'x\r\ny\u0000' };
    expect(formatProblem(problem)).toBe('a\\u001b[31m:1:1: x\\r\\ny\\u0000');
  });

  it('is told at most a hundred times, with the number of the others', async () => {
    const text = Array.from({ length: 150 }, (_, index) => `unknown_${index}: 1`).join('\n');
    const loaded = await loadConfig({ uris: [`yaml:${text}`], sets: [], env: {}, factories });
    if (loaded.ok) throw new Error('accepted');
    expect(loaded.problems).toHaveLength(101);
    expect(loaded.problems.at(-1)?.sentence).toMatch(/^and \d+ more problems$/);
  });
});
