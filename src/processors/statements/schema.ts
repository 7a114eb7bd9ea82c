import { z } from 'zod';

export const errorMode = z
  .enum(['ignore', 'silent', 'propagate'])
  .describe('What an error at run does: `ignore` logs it and goes on, `silent` goes on, `propagate` refuses the whole batch.');

export const contextName = z
  .enum(['resource', 'scope', 'span', 'spanevent', 'spanlink', 'log'])
  .describe('The records that it works on; paths may then leave it away. Inferred from the paths if it is not given.');
