import { it } from 'vitest';
import { expectPage } from './generated-page.ts';
import { mappingPage } from './mapping-page.ts';

it('the reference of the mapping says what the rules say', () => {
  expectPage('mapping.md', mappingPage());
});
