import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { SeriesCounter, SeriesHistogram } from '../../src/service/telemetry/series.ts';

const labelNames = ['exporter'];
const settings = () => ({ name: 'metric', help: 'a metric', labelNames, registers: [new Registry()] });
const one = { exporter: 'one' };
const other = { exporter: 'other' };
/** Without exemplars, which nobody here has. */
const told = async (histogram: Histogram) =>
  (await histogram.get()).values.map(({ labels, value, metricName }) => ({ labels, value, metricName }));

describe('a histogram by its series', () => {
  test('tells exactly what prom-client tells of the same values', async () => {
    const value = fc.oneof(fc.constantFrom(0, 1, 2.5, 10), fc.double({ min: 0, max: 20, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), value)), async (values) => {
        const buckets = [1, 2.5, 10];
        const theirs = new Histogram({ ...settings(), buckets });
        const ours = new SeriesHistogram({ ...settings(), buckets });
        for (const [isOne, each] of values) {
          theirs.observe(isOne ? one : other, each);
          ours.series(isOne ? one : other).observe(each);
        }
        expect(await told(ours)).toEqual(await told(theirs));
      }),
    );
  });

  test('without labels is there before its first value, with labels not', async () => {
    const bare = () => ({ ...settings(), labelNames: [], buckets: [1] });
    expect(await told(new SeriesHistogram(bare()))).toEqual(await told(new Histogram(bare())));
    const labelled = new SeriesHistogram({ ...settings(), buckets: [1] });
    labelled.series(one);
    expect((await labelled.get()).values).toEqual([]);
  });

  test('is the same series for the same labels, whoever asks', () => {
    const histogram = new SeriesHistogram({ ...settings(), buckets: [1] });
    expect(histogram.series({ exporter: 'one' })).toBe(histogram.series({ exporter: 'one' }));
    expect(histogram.series(other)).not.toBe(histogram.series(one));
  });
});

describe('a counter by its series', () => {
  test('tells exactly what prom-client tells of the same amounts, however often it is read between them', async () => {
    const step = fc.oneof(fc.tuple(fc.boolean(), fc.nat()), fc.constant('read' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(step), async (steps) => {
        const theirs = new Counter(settings());
        const ours = new SeriesCounter(settings());
        const [series, seriesOfOther] = [ours.series(one), ours.series(other)];
        for (const each of steps) {
          if (each === 'read') await ours.get();
          else {
            theirs.inc(each[0] ? one : other, each[1]);
            (each[0] ? series : seriesOfOther).add(each[1]);
          }
        }
        const inOrder = async (counter: Counter) =>
          (await counter.get()).values.sort((a, b) => `${a.labels.exporter}`.localeCompare(`${b.labels.exporter}`));
        expect(await inOrder(ours)).toEqual(await inOrder(theirs));
      }),
    );
  });

  test('is there from an amount of 0 on, and not before', async () => {
    const counter = new SeriesCounter(settings());
    const series = counter.series(one);
    expect((await counter.get()).values).toEqual([]);
    series.add(0);
    expect((await counter.get()).values).toEqual([{ labels: one, value: 0 }]);
  });
});
