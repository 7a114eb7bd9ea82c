import { OttlError } from '../../fault.ts';
import { utc, type Zone } from '../../value.ts';
import { secondsOf } from './civil.ts';

/** Offsets change at full quarters of an hour only, so one answer holds for the quarter. */
const quarterSeconds = 900;
const cachedMax = 4_096;

/** `+0530`, `+05:30`, `+05:30:00`. */
export function offsetText(offsetSeconds: number, colon: string, withSeconds: boolean): string {
  const size = Math.abs(offsetSeconds);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const seconds = withSeconds ? colon + two(size % 60) : '';
  return `${offsetSeconds < 0 ? '-' : '+'}${two(size / 3_600)}${colon}${two((size / 60) % 60)}${seconds}`;
}

/** A zone of the IANA database, as the runtime knows it. */
class NamedZone implements Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  offsetSecondsAt(unixSeconds: number): number {
    const quarter = Math.floor(unixSeconds / quarterSeconds);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#compute(quarter * quarterSeconds);
      if (this.#offsets.size >= cachedMax) this.#offsets.clear();
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  #compute(unixSeconds: number): number {
    const shown: Record<string, string> = Object.create(null);
    for (const { type, value } of this.#format.formatToParts(unixSeconds * 1_000)) shown[type] = value;
    const field = (name: string): number => Number(shown[name]);
    const year = shown.era === 'BC' ? 1 - field('year') : field('year');
    return secondsOf(year, field('month'), field('day'), field('hour'), field('minute'), field('second')) - unixSeconds;
  }
}

const zones = new Map<string, Zone>();

/** The zone of that IANA name, or `undefined`. `UTC`, `` and `Local` are UTC: a gateway has no place of its own. */
export function findZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return utc;
  const known = zones.get(name);
  if (known) return known;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return undefined;
  let zone: Zone;
  try {
    zone = new NamedZone(name);
  } catch {
    return undefined;
  }
  if (zones.size >= cachedMax) zones.clear();
  zones.set(name, zone);
  return zone;
}

export function loadZone(name: string): Zone {
  const zone = findZone(name);
  if (!zone) throw new OttlError(`failed to load location ${name}: unknown time zone`, { parameter: 'location' });
  return zone;
}

/** A zone that is nothing but an offset. */
export function fixedZone(offsetSeconds: number): Zone {
  return offsetSeconds === 0 ? utc : { name: offsetText(offsetSeconds, ':', false), offsetSecondsAt: () => offsetSeconds };
}

/** The short name that a zone has at an instant, e.g. `EST`; its offset where it has none. */
export function abbreviation(zone: Zone, unixSeconds: number): string {
  if (zone === utc) return 'UTC';
  const offset = offsetText(zone.offsetSecondsAt(unixSeconds), '', false);
  if (!(zone instanceof NamedZone)) return offset;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone.name, timeZoneName: 'short' }).formatToParts(unixSeconds * 1_000);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  return /^[A-Z]{2,5}$/.test(name) ? name : offset.replace(/00$/, '');
}

/** The instant at which a clock in the zone shows these seconds. Where it never does or does twice, one of the two that come near. */
export function instantOf(wallSeconds: number, zone: Zone): number {
  const first = wallSeconds - zone.offsetSecondsAt(wallSeconds);
  const second = wallSeconds - zone.offsetSecondsAt(first);
  return second;
}
