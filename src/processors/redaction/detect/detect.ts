/**
 * Finds personal data and secrets in text. Read this file first.
 *
 * A detector is an entry of a table: where to look (a literal, the shape of a number, a character), a pattern or a function that looks there, and a check.
 * `scannerOf` compiles entries into one scan: it walks the text once and runs patterns only where one of them can begin.
 */
import type { Budget } from './budget.ts';
import type { Detector, Preset } from './detector.ts';
import { personalDetectors } from './personal/personal.ts';
import { Scan } from './scan.ts';
import { secretDetectors } from './secrets/secrets.ts';

export { type Budget, stepsFor } from './budget.ts';

const table = [...secretDetectors, ...personalDetectors] as const satisfies readonly Detector[];

export type DetectorName = (typeof table)[number]['name'];

export const detectorNames: readonly DetectorName[] = table.map((detector) => detector.name);

const namesOf = (preset: Preset): readonly DetectorName[] => table.filter((detector) => detector.preset === preset).map(({ name }) => name);

export const presets: { readonly [preset in Preset]: readonly DetectorName[] } = {
  pii: namesOf('pii'),
  secrets: namesOf('secrets'),
  strict: detectorNames,
};

/** One line per detector: what it finds and what it asks. */
export const detectorDocs: ReadonlyMap<DetectorName, string> = new Map(table.map(({ name, doc }) => [name, doc]));

/** UTF-16 indexes; hits ascend and never overlap. Where two finds overlap, their union has the name of the longer; of equals, the more specific. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly detector: DetectorName;
}

export interface ScannerOptions {
  /** Countries (ISO 3166) whose national phone formats are recognised; the international format always is. */
  readonly phoneRegions?: readonly string[];
}

export interface Scanner {
  /** `key` is the attribute or JSON key that the text stands under. Over budget nothing is known of the text: hide it whole. */
  scan(text: string, key: string | undefined, budget: Budget): readonly Hit[] | 'over_budget';
}

export function scannerOf(detectors: readonly DetectorName[], options: ScannerOptions = {}): Scanner {
  const wanted = new Set<string>(detectors);
  const scan = new Scan(
    table.filter(({ name }) => wanted.has(name)),
    options.phoneRegions ?? defaultPhoneRegions,
  );
  return { scan: (text, key, budget) => scan.run(text, key, budget) as readonly Hit[] | 'over_budget' };
}

const defaultPhoneRegions: readonly string[] = ['US', 'GB', 'DE', 'FR', 'ES', 'IT', 'IN', 'BR', 'JP', 'AU'];
