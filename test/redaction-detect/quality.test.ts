import { describe, expect, it } from 'vitest';
import { detectorDocs, detectorNames } from '../../src/processors/redaction/detect/detect.ts';
import { expectPage } from '../convert/generated-page.ts';
import { corpus } from './corpus/corpus.ts';
import { presetOf, qualityOf } from './quality.ts';

const qualities = corpus.map(qualityOf);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

describe('the labelled corpus', () => {
  it('has at least forty positives and forty hard negatives for every detector', () => {
    expect(new Set(corpus.map(({ detector }) => detector))).toEqual(new Set(detectorNames));
    for (const { detector, positives, negatives } of qualities) {
      expect(positives, detector).toBeGreaterThanOrEqual(40);
      expect(negatives, detector).toBeGreaterThanOrEqual(40);
    }
  });

  it.each(qualities.map((quality) => [quality.detector, quality] as const))(
    'finds %s with recall of 0.98 and precision of 0.95',
    (_name, quality) => {
      expect(quality.recall, `missed ${JSON.stringify(quality.missed[0])}`).toBeGreaterThanOrEqual(0.98);
      expect(quality.precision, `wrong ${JSON.stringify(quality.wrong[0])}`).toBeGreaterThanOrEqual(0.95);
    },
  );

  it('is what the page of detectors says', () => {
    const rows = detectorNames.map((name) => {
      const quality = qualities.find(({ detector }) => detector === name);
      if (quality === undefined) return '';
      const { positives, negatives, recall, precision } = quality;
      return `| \`${name}\` | ${presetOf(name)} | ${(detectorDocs.get(name) ?? '').replaceAll('|', '\\|')} | ${positives} | ${negatives} | ${percent(recall)} | ${percent(precision)} |`;
    });
    expectPage('redaction-detectors.md', `${intro}\n${rows.join('\n')}\n\n${limits}\n${mistakes()}`);
  });
});

const intro = `# Detectors of the redaction processor

Made from the code and the labelled corpus by \`SPANWAY_WRITE_DOCS=1 npx vitest run test/redaction-detect\`. Each detector is measured alone, on texts that were
written to hold what it finds (positives) and on texts that only look so (hard negatives). *Recall*: of the positives, those where the value is covered
whole. *Precision*: of the texts where the detector found something, those that are positives. The corpus is synthetic: it shows that a detector does what
its line says, in prose of several languages, JSON, code, logs and tables; it does not tell how often such values come in your traffic.

Presets: \`pii\` and \`secrets\` hold the detectors named so; \`strict\` holds all.

| detector | preset | what it finds | positives | negatives | recall | precision |
|---|---|---|---|---|---|---|`;

const limits = `## What is not found

- Numbers whose check is weak or that have no form of their own (bare nine or ten digits) where no telling word stands within 48 characters before or 16 behind, or in the key.
- National phone formats of countries that are not configured, and unusual groupings without a telling word.
- Secrets without a form (Cohere, Mistral, Twilio auth tokens, …) where no telling name stands beside them; passwords in running prose ("my password is …") and after a command-line option's space.
- Values that are encoded once more (base64 of an e-mail address), split over several strings, or written with letters of other scripts in place of digits.
- MAC addresses in Cisco's form with points, e-mail addresses with quoted local parts or at bare host names, IBANs and national numbers with other separators than spaces and hyphens.
`;

/** What the detectors get wrong on the corpus: it is told, not hidden. */
function mistakes(): string {
  const lines = qualities.flatMap(({ detector, missed, wrong }) => [
    ...(missed.length > 0 ? [`- \`${detector}\` misses, for instance, \`${missed[0]?.text.replaceAll('\n', ' ').slice(0, 80)}\`.`] : []),
    ...(wrong.length > 0 ? [`- \`${detector}\` takes \`${wrong[0]?.text.replaceAll('\n', ' ').slice(0, 80)}\` for one.`] : []),
  ]);
  return `## What is wrong on the corpus\n\n${lines.join('\n')}\n`;
}
