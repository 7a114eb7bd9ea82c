import { describe, expect, it } from 'vitest';
import { captureRuns, captures } from './captured-runs.ts';

describe('recorded traffic', () => {
  it.each(captures.map((capture) => [capture.name, capture] as const))(
    '%s becomes the kinds of runs that a person expects',
    (_, capture) => {
      const runs = captureRuns(capture);
      const wrong = capture.spans
        .filter(({ not_a_run }) => not_a_run === undefined)
        .filter(
          ({ span_id, run_type, run_type_also_ok = [] }) => ![run_type, ...run_type_also_ok].includes(String(runs.get(span_id)?.run_type)),
        )
        .map(({ span_id, run_type }) => `${runs.get(span_id)?.name}: ${runs.get(span_id)?.run_type} instead of ${run_type}`);
      expect(wrong).toEqual([]);
    },
  );
});
