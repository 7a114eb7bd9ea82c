import type { Dialect } from '../dialect.ts';

/** AWS Strands Agents: semantic conventions, with messages in Bedrock's blocks and its way of counting. */
export const strands: Dialect = {
  id: 'strands',
  rank: 30,
  integration: 'strands-otel',
  signs: { scopes: ['strands.*'], attributes: ['event_loop.cycle_id'] },
  exclusiveInput: true,
  firstTokenScale: 0.001,
};
