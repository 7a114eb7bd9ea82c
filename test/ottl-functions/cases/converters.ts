import type { Cases } from './cases.ts';
import { conversions } from './conversions.ts';
import { encoding } from './encoding.ts';
import { lambdas } from './lambdas.ts';
import { lists } from './lists.ts';
import { network } from './network.ts';
import { numbers } from './numbers.ts';
import { parsing } from './parsing.ts';
import { patterns } from './patterns.ts';
import { text } from './text.ts';
import { times } from './times.ts';
import { types } from './types.ts';
import { unsupported } from './unsupported.ts';

/** The cases of every converter, by family. */
export const converterCases: Readonly<Record<string, Cases>> = {
  types,
  conversions,
  text,
  patterns,
  lists,
  lambdas,
  parsing,
  encoding,
  numbers,
  network,
  times,
  unsupported,
};
