import type { Dialect } from '../dialect.ts';

/** Microsoft's Semantic Kernel: semantic conventions, with messages as events. */
export const semanticKernel: Dialect = {
  id: 'semantic-kernel',
  rank: 30,
  integration: 'semantic-kernel-otel',
  signs: { scopes: ['semantic_kernel*', 'Microsoft.SemanticKernel*'] },
};
