import { bytes } from '../../model/bytes.ts';
import { OttlError } from '../fault.ts';
import { choice, converter, getter, optional } from '../function.ts';
import { typeOf } from '../value.ts';
import { prepared } from './prepared.ts';
import { type Base64Variant, base64Variants, decodeBase64, encodeBase64 } from './text/base64.ts';
import { bytesOf, charsetDecoder, charsetNames } from './text/charset.ts';

export const hex = converter({
  name: 'Hex',
  summary: 'The bytes of a value in hex: of text its UTF-8, of numbers eight bytes, of a boolean one; nil of nil.',
  example: 'Hex("1")',
  parameters: { value: getter.bytesLike },
  result: 'string',
  compile:
    ({ value }) =>
    (evaluation) => {
      const content = value(evaluation);
      return content && bytesOf(content).hexSlice();
    },
});

export const base64Encode = converter({
  name: 'Base64Encode',
  summary: 'A string in base64.',
  example: 'Base64Encode("test string", "base64-url")',
  parameters: { value: getter.string, variant: optional(choice(...base64Variants), 'base64') },
  result: 'string',
  compile:
    ({ value, variant }) =>
    (evaluation) =>
      encodeBase64(bytes.from(value(evaluation), 'utf8'), variant),
});

function isBase64(encoding: string): encoding is Base64Variant {
  return (base64Variants as readonly string[]).includes(encoding);
}

function decoder(encoding: string): (value: string | Uint8Array) => string {
  if (isBase64(encoding)) {
    return (value) => decodeBase64(typeof value === 'string' ? value : bytesOf(value).latin1Slice(), encoding).utf8Slice();
  }
  const decode = charsetDecoder(encoding);
  if (!decode) {
    throw new OttlError(`unsupported encoding "${encoding}"`, {
      parameter: 'encoding',
      hint: `encodings here are ${[...base64Variants, ...charsetNames].join(', ')}`,
    });
  }
  return (value) => decode(typeof value === 'string' ? bytes.from(value, 'utf8') : bytesOf(value));
}

export const decode = converter({
  name: 'Decode',
  summary: 'The text that a string or byte array holds in an encoding: a variant of base64, or a charset.',
  example: 'Decode("aGVsbG8gd29ybGQ=", "base64")',
  parameters: { value: getter.any, encoding: getter.string },
  result: 'string',
  compile: ({ value, encoding }) => {
    const decoding = prepared(encoding, decoder);
    return (evaluation) => {
      const content = value(evaluation);
      if (typeof content === 'string' || content instanceof Uint8Array) return decoding(evaluation)(content);
      throw new OttlError(`expected string or bytes but got ${typeOf(content)}`);
    };
  },
});

export const base64Decode = converter({
  name: 'Base64Decode',
  summary: 'The text that a string holds in base64. Deprecated: use Decode.',
  example: 'Base64Decode("aGVsbG8gd29ybGQ=")',
  parameters: { value: getter.string },
  result: 'string',
  compile:
    ({ value }) =>
    (evaluation) =>
      decodeBase64(value(evaluation), 'base64').utf8Slice(),
});
