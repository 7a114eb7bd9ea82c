import { converter, getter } from '../function.ts';
import { Duration, type OttlValue } from '../value.ts';
import { prepared } from './prepared.ts';
import { parseDuration } from './time/duration-text.ts';

export const duration = converter({
  name: 'Duration',
  summary: 'The duration that a text holds, with the units ns, us, ms, s, m, h.',
  example: 'Duration("1h15m30.5s")',
  parameters: { duration: getter.string },
  result: 'duration',
  compile: ({ duration }) => prepared(duration, (text) => new Duration(parseDuration(text))),
});

function inUnit(name: string, unit: string, result: 'int' | 'float', read: (nanos: bigint) => OttlValue) {
  return converter({
    name,
    summary: `A duration in ${unit}, as ${result === 'int' ? 'an int' : 'a float'}.`,
    example: `${name}(Duration("90m"))`,
    parameters: { value: getter.duration },
    result,
    compile:
      ({ value }) =>
      (evaluation) =>
        read(value(evaluation).nanos),
  });
}

/** Whole units and the rest apart, so that nothing is lost of long durations. */
function fraction(nanosPerUnit: bigint): (nanos: bigint) => number {
  return (nanos) => Number(nanos / nanosPerUnit) + Number(nanos % nanosPerUnit) / Number(nanosPerUnit);
}

export const nanoseconds = inUnit('Nanoseconds', 'nanoseconds', 'int', (nanos) => nanos);
export const microseconds = inUnit('Microseconds', 'microseconds', 'int', (nanos) => nanos / 1_000n);
export const milliseconds = inUnit('Milliseconds', 'milliseconds', 'int', (nanos) => nanos / 1_000_000n);
export const seconds = inUnit('Seconds', 'seconds', 'float', fraction(1_000_000_000n));
export const minutes = inUnit('Minutes', 'minutes', 'float', fraction(60_000_000_000n));
export const hours = inUnit('Hours', 'hours', 'float', fraction(3_600_000_000_000n));
