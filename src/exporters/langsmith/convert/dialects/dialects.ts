import type { Dialect } from '../dialect.ts';
import { genai } from './genai.ts';
import { genaiEvents } from './genai-events.ts';
import { generic } from './generic.ts';
import { langsmith, langsmithSdk } from './langsmith.ts';
import { openinference } from './openinference.ts';
import { openllmetry } from './openllmetry.ts';
import { vercel, vercel7 } from './vercel.ts';

/** Every dialect, the more particular before the more general: the first that a span is of names its `ls_integration`. */
export const dialects: readonly Dialect[] = [
  langsmithSdk,
  langsmith,
  vercel,
  vercel7,
  openllmetry,
  openinference,
  genaiEvents,
  genai,
  generic,
];
