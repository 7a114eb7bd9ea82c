import { describe, expect, it } from 'vitest';
import { type Fact, factsOf, type Score, scores } from './captured-facts.ts';
import { captures } from './captured-runs.ts';
import { expectPage } from './generated-page.ts';

/** Facts that a recording carries and its runs do not have, with the reason: `capture › span › fact`. */
const explained: Readonly<Record<string, string>> = {};

const nameOf = ({ capture, span, fact }: Fact): string => [capture, span, fact].filter((part) => part !== '').join(' › ');
const facts = captures.flatMap(factsOf);

describe('recorded traffic', () => {
  it.each(captures.map(({ name }) => name))('%s: every fact that it carries is in its runs', (name) => {
    const missing = facts.filter(({ capture, isFound }) => capture === name && !isFound).map(nameOf);
    expect(missing.filter((fact) => explained[fact] === undefined)).toEqual([]);
  });

  it('has no explanation for a fact that is found', () => {
    const missing = new Set(facts.filter(({ isFound }) => !isFound).map(nameOf));
    expect(Object.keys(explained).filter((fact) => !missing.has(fact))).toEqual([]);
  });

  it('is covered as docs/mapping-coverage.md says', () => {
    expectPage('mapping-coverage.md', page(scores(facts)));
  });
});

function page(byDialect: ReadonlyMap<string, Score>): string {
  const rows = [...byDialect].map(([dialect, { found, all }]) => {
    const recordings = captures.filter(({ name }) => name.startsWith(`${dialect}-`)).length;
    return `| ${dialect} | ${recordings} | ${all} | ${found} | ${((100 * found) / all).toFixed(1)} % |`;
  });
  const misses = Object.entries(explained).map(([fact, reason]) => `- ${fact}: ${reason}`);
  return [
    '# What of recorded traffic arrives',
    '',
    'Recordings of published instrumentations, made against local mock model servers, come with a list of the facts that their bytes carry: models, ids,',
    'texts, tool calls, token counts, threads, users, tags, metadata, errors. A test looks for every fact in the runs that Spanway makes of them:',
    'structure and numbers exactly, texts by search. Where an instrumentation itself reports a number wrongly, its number counts.',
    '',
    'This page is written by `SPANWAY_WRITE_DOCS=1 npx vitest run test/convert/captured-facts.test.ts`.',
    '',
    '| instrumentation | recordings | facts | found | |',
    '|---|---:|---:|---:|---:|',
    ...rows,
    '',
    ...(misses.length === 0 ? ['Nothing is missing.'] : ['Missing:', '', ...misses]),
    '',
  ].join('\n');
}
