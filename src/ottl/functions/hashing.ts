import { bytes } from '../../model/bytes.ts';
import { fnv1a } from '../../model/hash/fnv.ts';
import { md5 as md5Of } from '../../model/hash/md5.ts';
import { murmur3, murmur3Of128 } from '../../model/hash/murmur3.ts';
import { sha1 as sha1Of } from '../../model/hash/sha1.ts';
import { sha256 as sha256Of } from '../../model/hash/sha256.ts';
import { sha512 as sha512Of } from '../../model/hash/sha512.ts';
import { xxh3 as xxh3Of, xxh128 as xxh128Of } from '../../model/hash/xxh3.ts';
import { converter, getter } from '../function.ts';

function hash(name: string, summary: string, digest: (message: Uint8Array) => string) {
  return converter({
    name,
    summary,
    example: `${name}(span.attributes["user.email"])`,
    parameters: { value: getter.string },
    result: 'string',
    compile:
      ({ value }) =>
      (evaluation) =>
        digest(bytes.from(value(evaluation), 'utf8')),
  });
}

export const md5 = hash('MD5', 'MD5 of a string, in hex. Not a safe hash.', md5Of);
export const sha1 = hash('SHA1', 'SHA-1 of a string, in hex. Not a safe hash.', sha1Of);
export const sha256 = hash('SHA256', 'SHA-256 of a string, in hex.', sha256Of);
export const sha512 = hash('SHA512', 'SHA-512 of a string, in hex.', sha512Of);
export const murmur3Hash = hash('Murmur3Hash', 'MurmurHash3 of 32 bits of a string, in hex, lowest byte first.', murmur3);
export const murmur3Hash128 = hash('Murmur3Hash128', 'MurmurHash3 of 128 bits of a string, in hex, lowest byte first.', murmur3Of128);
export const xxh3 = hash('XXH3', 'XXH3 of 64 bits of a string, in hex.', xxh3Of);
export const xxh128 = hash('XXH128', 'XXH3 of 128 bits of a string, in hex.', xxh128Of);

export const fnv = converter({
  name: 'FNV',
  summary: 'FNV-1a of 64 bits of a string, as an int.',
  example: 'FNV(span.attributes["device.name"])',
  parameters: { value: getter.string },
  result: 'int',
  compile:
    ({ value }) =>
    (evaluation) =>
      fnv1a(bytes.from(value(evaluation), 'utf8')),
});
