/** The labelled corpus: for each detector at least forty texts that hold what it finds and forty that only look so. */
import { keys } from './keys.ts';
import { numbers } from './numbers.ts';
import { places } from './places.ts';
import type { Labelled } from './sample.ts';

export const corpus: readonly Labelled[] = [...numbers, ...places, ...keys];
