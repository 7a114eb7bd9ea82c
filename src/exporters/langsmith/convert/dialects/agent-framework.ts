import { content, type Dialect } from '../dialect.ts';

/** Microsoft's Agent Framework: semantic conventions, and workflows of executors that send each other messages. */
export const agentFramework: Dialect = {
  id: 'agent-framework',
  rank: 30,
  integration: 'agent-framework-otel',
  signs: { scopes: ['agent_framework*', 'Microsoft.Agents.AI*'] },
  contents: [
    content('chain', 'inputs', 14.5, 'executor.input'),
    content('chain', 'inputs', 14.6, 'message.content'),
    content('chain', 'outputs', 14.5, 'executor.output'),
  ],
  private: ['workflow.definition'],
};
