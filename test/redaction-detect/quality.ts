import { type DetectorName, presets, type Scanner, scannerOf } from '../../src/processors/redaction/detect/detect.ts';
import type { Labelled, Sample } from './corpus/sample.ts';

export const ample = () => ({ value: 1e9, batch: 1e9 });

function finds(scanner: Scanner, { text, key, found }: Sample): boolean {
  const hits = scanner.scan(text, key, ample());
  if (hits === 'over_budget') return false;
  if (found === undefined) return hits.length > 0;
  const start = text.indexOf(found);
  return hits.some((hit) => hit.start <= start && hit.end >= start + found.length);
}

export interface Quality {
  readonly detector: DetectorName;
  readonly positives: number;
  readonly negatives: number;
  readonly missed: readonly Sample[];
  readonly wrong: readonly Sample[];
  readonly recall: number;
  readonly precision: number;
}

/** Each detector is measured alone. Recall: of the texts that hold one, those where it is covered whole. Precision: of the texts where the detector found one, those that hold one. */
export function qualityOf({ detector, positives, negatives }: Labelled): Quality {
  const scanner = scannerOf([detector]);
  const missed = positives.filter((sample) => !finds(scanner, sample));
  const wrong = negatives.filter((sample) => finds(scanner, sample));
  const right = positives.length - missed.length;
  return {
    detector,
    positives: positives.length,
    negatives: negatives.length,
    missed,
    wrong,
    recall: right / positives.length,
    precision: right + wrong.length === 0 ? 0 : right / (right + wrong.length),
  };
}

export const presetOf = (detector: DetectorName): string =>
  presets.pii.includes(detector) ? 'pii' : presets.secrets.includes(detector) ? 'secrets' : 'strict';
