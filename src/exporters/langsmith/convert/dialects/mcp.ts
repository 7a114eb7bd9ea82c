import { SpanKind } from '../../../../model/batch.ts';
import { content, type Dialect } from '../dialect.ts';

const calls = 'tools/call';

/** The Model Context Protocol. Client and server both write a span of a call: the tool run is the client's (mapping §17). */
export const mcp: Dialect = {
  id: 'mcp',
  rank: 65,
  signs: { attributes: ['mcp.*'] },
  kinds: [
    {
      rank: 4.8,
      key: 'mcp.method.name',
      read: ({ span }, method) => (method === calls && span.kind === SpanKind.server ? 'chain' : undefined),
    },
    {
      rank: 10,
      key: 'mcp.method.name',
      values: { [calls]: 'tool', 'prompts/get': 'prompt', 'resources/read': 'retriever' },
      read: (_, method) => (/^(?:tools\/call|prompts\/get|resources\/read)$/.test(method) ? undefined : 'chain'),
    },
  ],
  names: [
    {
      rank: 5.9,
      key: 'mcp.method.name',
      only: 'tool',
      read: ({ span }) => (span.name.startsWith(`${calls} `) ? span.name.slice(calls.length + 1) : undefined),
    },
  ],
  contents: [content('tool', 'inputs', 10, 'mcp.request.argument'), content('tool', 'outputs', 10, 'mcp.response.value')],
};
