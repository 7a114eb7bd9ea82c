import { expect, test } from 'vitest';
import { fuzzMs, seeded } from './budget.ts';
import { fuzzConfig, loadText, seeds } from './config-fuzz.ts';

test.each(seeds())('the configuration of the corpus is loaded or refused: %#', (text) => loadText(text));

test('damaged configurations are loaded or refused with problems, and nothing else happens', async () => {
  expect(await fuzzConfig(seeded(3), fuzzMs)).toBeGreaterThan(10);
});
