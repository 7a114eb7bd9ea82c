import type { Time } from '../../value.ts';
import { type Civil, civilOf, unixSecondsOf } from './civil.ts';
import { type Field, type Layout, parseLayout } from './layout.ts';
import { englishMonths, englishWeekdays } from './names.ts';
import { abbreviation, offsetText } from './zone.ts';

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function yearText(year: number): string {
  return year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');
}

function fieldText(field: Field, time: Time, civil: Civil, unixSeconds: number): string {
  switch (field) {
    case '2006':
      return yearText(civil.year);
    case '06':
      return two(((civil.year % 100) + 100) % 100);
    case '01':
      return two(civil.month);
    case '_1':
      return `${civil.month}`.padStart(2);
    case '1':
      return `${civil.month}`;
    case 'Jan':
      return englishMonths[civil.month - 1]!.slice(0, 3);
    case 'January':
      return englishMonths[civil.month - 1]!;
    case '02':
      return two(civil.day);
    case '_2':
      return `${civil.day}`.padStart(2);
    case '2':
      return `${civil.day}`;
    case '002':
      return `${civil.yearDay}`.padStart(3, '0');
    case '__2':
      return `${civil.yearDay}`.padStart(3);
    case 'Mon':
      return englishWeekdays[civil.weekday]!.slice(0, 3);
    case 'Monday':
      return englishWeekdays[civil.weekday]!;
    case '15':
      return two(civil.hour);
    case '03':
      return two(civil.hour % 12 || 12);
    case '3':
      return `${civil.hour % 12 || 12}`;
    case '04':
      return two(civil.minute);
    case '4':
      return `${civil.minute}`;
    case '05':
      return two(civil.second);
    case '5':
      return `${civil.second}`;
    case 'PM':
      return civil.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return civil.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return abbreviation(time.zone, unixSeconds);
    default:
      return zoneOffset(field, time.zone.offsetSecondsAt(unixSeconds));
  }
}

function zoneOffset(field: string, offsetSeconds: number): string {
  if (field[0] === 'Z' && offsetSeconds === 0) return 'Z';
  if (field.length === 3) return offsetText(offsetSeconds, '', false).slice(0, 3);
  const colon = field.includes(':') ? ':' : '';
  return offsetText(offsetSeconds, colon, field.length > 6);
}

/** A time written by a layout. */
export function formatWith(layout: Layout, time: Time): string {
  const unixSeconds = unixSecondsOf(time.unixNano);
  const civil = civilOf(time.unixNano, time.zone.offsetSecondsAt(unixSeconds));
  let text = '';
  for (const token of layout) {
    if (token.kind === 'literal') text += token.text;
    else if (token.kind === 'field') text += fieldText(token.field, time, civil, unixSeconds);
    else {
      const digits = `${civil.nano}`.padStart(9, '0').slice(0, token.digits);
      const shown = token.padded ? digits : digits.replace(/0+$/, '');
      if (shown !== '') text += token.separator + shown;
    }
  }
  return text;
}

export function formatTime(time: Time, format: string): string {
  return formatWith(parseLayout(format), time);
}
