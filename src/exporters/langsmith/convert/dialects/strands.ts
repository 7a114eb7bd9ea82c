import type { Dialect } from '../dialect.ts';
import { slot } from '../keys.ts';

const system = slot('gen_ai.system');

/** AWS Strands Agents: semantic conventions, with messages in Bedrock's blocks and its way of counting. */
export const strands: Dialect = {
  id: 'strands',
  rank: 30,
  integration: 'strands-otel',
  signs: { scopes: ['strands.*'], attributes: ['event_loop.cycle_id'] },
  recognise: (reader) => reader.peekText(system) === 'strands-agents',
  exclusiveInput: 'unless summed',
  usageDetails: {
    'input.cache_read': [[61, 'cache_read_input_tokens']],
    'input.cache_creation': [[61, 'cache_write_input_tokens']],
  },
  firstTokenScale: 0.001,
};
