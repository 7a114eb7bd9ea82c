import { bytes } from '../../../model/bytes.ts';
import { Duration, type OttlValue } from '../../value.ts';
import { type Directive, pad } from './directive.ts';
import { goType, misfit, plainText } from './go-text.ts';
import { quote } from './quote.ts';
import { renderFloat, renderInt } from './render-number.ts';

/** An argument written as its directive says. */
export function render(directive: Directive, value: OttlValue): string {
  if (directive.verb === 'T') return pad(directive, goType(value));
  if (typeof value === 'bigint') return renderInt(directive, value);
  if (typeof value === 'number') return renderFloat(directive, value);
  if (value instanceof Duration && 'dboxXcqU'.includes(directive.verb)) return renderInt(directive, value.nanos);
  if (typeof value === 'boolean') return 'tv'.includes(directive.verb) ? pad(directive, `${value}`) : misfit(directive.verb, value);
  if (value === null) return directive.verb === 'v' ? pad(directive, '<nil>') : misfit(directive.verb, value);
  if (value instanceof Uint8Array) return renderBytes(directive, value);
  return renderText(directive, typeof value === 'string' ? value : plainText(value), value);
}

function renderBytes(directive: Directive, value: Uint8Array): string {
  if (directive.verb === 'v' || directive.verb === 'd') return pad(directive, `[${value.join(' ')}]`);
  const content = bytes.from(value.buffer, value.byteOffset, value.length);
  return directive.verb.toLowerCase() === 'x'
    ? renderHex(directive, content.hexSlice())
    : renderText(directive, content.utf8Slice(), value);
}

function renderHex(directive: Directive, hex: string): string {
  const prefix = directive.sharp && hex !== '' ? '0x' : '';
  const text = prefix + (directive.space ? hex.replace(/..(?!$)/g, '$& ') : hex);
  return pad(directive, directive.verb === 'X' ? text.toUpperCase() : text);
}

function renderText(directive: Directive, text: string, value: OttlValue): string {
  const cut = directive.precision === undefined ? text : [...text].slice(0, directive.precision).join('');
  switch (directive.verb) {
    case 's':
    case 'v':
      return pad(directive, cut);
    case 'q':
      return pad(directive, quote(cut));
    case 'x':
    case 'X':
      return renderHex(directive, bytes.from(cut, 'utf8').hexSlice());
    default:
      return misfit(directive.verb, value);
  }
}
