import { bytes } from '../../model/bytes.ts';
import { OttlError } from '../fault.ts';
import { converter, getter } from '../function.ts';
import { Id, type OttlValue, typeOf } from '../value.ts';

function idOf(value: OttlValue, length: number): Id {
  if (value instanceof Id && value.hex.length === length * 2) return value;
  if (value instanceof Uint8Array) {
    if (value.length !== length) throw new OttlError(`the byte slice must be exactly ${length} bytes long, but has ${value.length}`);
    return new Id(bytes.from(value.buffer, value.byteOffset, value.length).hexSlice());
  }
  if (typeof value !== 'string') throw new OttlError(`expected string or bytes but got ${typeOf(value)}`);
  if (value.length !== length * 2)
    throw new OttlError(`the string must be exactly ${length * 2} hex characters long, but has ${value.length}`);
  if (!/^[0-9a-fA-F]*$/.test(value)) throw new OttlError('the string must be hex characters only');
  return new Id(value.toLowerCase());
}

function idConverter(name: string, what: string, length: number) {
  return converter({
    name,
    summary: `A ${what} id of ${length} bytes or ${length * 2} hex digits.`,
    example: `${name}("${'0102030405060708'.repeat(length / 8)}")`,
    parameters: { value: getter.any },
    result: 'id',
    compile: ({ value }) => {
      const { constant } = value;
      if (constant === undefined) return (evaluation) => idOf(value(evaluation), length);
      const id = idOf(constant, length);
      return () => id;
    },
  });
}

export const traceId = idConverter('TraceID', 'trace', 16);
export const spanId = idConverter('SpanID', 'span', 8);
export const profileId = idConverter('ProfileID', 'profile', 16);

function uuidText(content: Uint8Array, version: number): string {
  content[6] = (content[6]! & 0x0f) | (version << 4);
  content[8] = (content[8]! & 0x3f) | 0x80;
  const hex = bytes.from(content.buffer, content.byteOffset, 16).hexSlice();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const uuid = converter({
  name: 'UUID',
  summary: 'A random UUID of version 4.',
  example: 'UUID()',
  parameters: {},
  result: 'string',
  compile: () => (evaluation) => uuidText(Uint8Array.from(evaluation.world.random(16)), 4),
});

export const uuidV7 = converter({
  name: 'UUIDv7',
  summary: 'A UUID of version 7: the time in milliseconds, then random bits.',
  example: 'UUIDv7()',
  parameters: {},
  result: 'string',
  compile: () => (evaluation) => {
    const content = Uint8Array.from(evaluation.world.random(16));
    const view = new DataView(content.buffer);
    const milliseconds = evaluation.world.now() / 1_000_000n;
    view.setUint32(0, Number(BigInt.asUintN(32, milliseconds >> 16n)));
    view.setUint16(4, Number(BigInt.asUintN(16, milliseconds)));
    return uuidText(content, 7);
  },
});

const noSpan = '0000000000000000';

export const isRootSpan = converter({
  name: 'IsRootSpan',
  summary: 'Whether the span has no parent.',
  example: 'IsRootSpan()',
  parameters: {},
  contexts: ['span'],
  result: 'bool',
  compile: () => (evaluation) => evaluation.span.parentSpanId === '' || evaluation.span.parentSpanId === noSpan,
});
