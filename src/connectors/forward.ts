/** `forward`: joins or splits pipelines; every pipeline behind it gets the data. No settings. */
import { z } from 'zod';
import type { Connector, ConnectorFactory, Deps } from '../model/component.ts';

export const forward: ConnectorFactory = {
  kind: 'connector',
  type: 'forward',
  aliases: [],
  summary: 'Hands data from its pipelines to all pipelines that list it as a receiver.',
  signals: ['traces', 'logs'],
  stability: 'stable',
  schema: z.strictObject({}),
  create: (_config: unknown, _deps: Deps, pipelines: readonly string[]): Connector => ({
    // Each pipeline may change what it gets, so all but the last get a copy.
    route: (batch) => pipelines.map((pipeline, index) => ({ pipeline, batch: index === pipelines.length - 1 ? batch : batch.clone() })),
  }),
};
