import type { Dialect } from '../dialect.ts';

/** GitHub's Copilot CLI: semantic conventions. Its costs are premium requests, no dollars, so they stay attributes. */
export const copilotCli: Dialect = {
  id: 'copilot-cli',
  rank: 30,
  integration: 'copilot-cli-otel',
  signs: { scopes: ['github.copilot*'], attributes: ['github.copilot.*'] },
};
