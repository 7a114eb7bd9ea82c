import type { Dialect } from '../dialect.ts';

/** OpenLIT: semantic conventions. Its guards become feedback: `../evaluation-events.ts`. */
export const openlit: Dialect = {
  id: 'openlit',
  rank: 35,
  integration: 'openlit-otel',
  signs: { scopes: ['openlit*'] },
  logScopes: ['openlit*'],
};
