/** Requests with a secret in every field that can hold text. The fields are read from the .proto files, so a new one cannot be forgotten. */
import type protobuf from 'protobufjs';
import { dressed, dressingNames } from './dressings.ts';
import type { Mint } from './secrets.ts';

export type Plain = Record<string, unknown>;

const ids: Readonly<Record<string, number>> = { traceId: 32, spanId: 16, parentSpanId: 16 };

const snake = (name: string): string => name.replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`);
const fullName = (type: protobuf.Type, field: protobuf.Field): string => `${type.name}.${snake(field.name)}`;

/** What the message of a field is; `undefined` for a plain one. */
function messageOf(field: protobuf.Field): protobuf.Type | undefined {
  const inner = field.resolve().resolvedType;
  return inner !== null && 'fieldsArray' in inner ? inner : undefined;
}

const isText = ({ type, name }: protobuf.Field): boolean => (type === 'string' || type === 'bytes') && !(name in ids);

/** Every string and bytes field of a message and of those that it holds, by `Message.field`. Ids are none: they are 8 or 16 bytes, anything else is refused. */
export function textFields(type: protobuf.Type, seen = new Set<string>()): string[] {
  if (seen.has(type.fullName)) return [];
  seen.add(type.fullName);
  return type.fieldsArray.flatMap((field) => {
    const inner = messageOf(field);
    if (inner !== undefined) return textFields(inner, seen);
    return isText(field) ? [fullName(type, field)] : [];
  });
}

/** The text fields of a planted message that hold something. */
export function plantedFields(type: protobuf.Type, message: Plain, found = new Set<string>()): Set<string> {
  for (const field of type.fieldsArray) {
    const value = message[field.name];
    if (value === undefined) continue;
    const inner = messageOf(field);
    if (inner !== undefined) for (const one of [value].flat()) plantedFields(inner, one as Plain, found);
    else if (isText(field)) found.add(fullName(type, field));
  }
  return found;
}

/** A message of this type with a secret in each text field, and in its values in every dressing. */
export function planted(type: protobuf.Type, mint: Mint): Plain {
  const message: Plain = {};
  for (const field of type.fieldsArray) {
    const value = valueFor(field, mint);
    if (value !== undefined) message[field.name] = value;
  }
  return message;
}

function valueFor(field: protobuf.Field, mint: Mint): unknown {
  const inner = messageOf(field);
  const draw = (): string => mint.draw();
  if (inner?.name === 'KeyValue') return attributes(draw);
  if (inner?.name === 'AnyValue') return { kvlistValue: { values: attributes(draw) } };
  const single = (): unknown => (inner === undefined ? leaf(field, mint) : planted(inner, mint));
  return field.repeated ? [single()] : single();
}

/** Each dressing once, and a key that is a secret itself. */
function attributes(draw: () => string): Plain[] {
  const values = dressingNames.map((name, index) => ({ key: `the value ${name}`, value: dressed(index, draw) }));
  return [...values, { key: draw(), value: { intValue: '1' } }];
}

function leaf({ name, type }: protobuf.Field, mint: Mint): unknown {
  const digits = ids[name];
  if (digits !== undefined) return 'ab'.repeat(digits / 2);
  if (name === 'traceState') return `vendor=${mint.drawPlain()},ot=th:8`;
  if (type === 'string') return `text ${mint.draw()} end`;
  if (type === 'bytes') return Buffer.from(mint.draw()).toString('base64');
  return undefined;
}
