import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fnv1a } from '../../src/model/hash/fnv.ts';
import { md5 } from '../../src/model/hash/md5.ts';
import { murmur3, murmur3Of128 } from '../../src/model/hash/murmur3.ts';
import { sha1 } from '../../src/model/hash/sha1.ts';
import { sha256 } from '../../src/model/hash/sha256.ts';
import { sha512 } from '../../src/model/hash/sha512.ts';
import { xxh3, xxh128 } from '../../src/model/hash/xxh3.ts';

const known = [
  { name: 'md5', hash: md5, text: '', digest: 'd41d8cd98f00b204e9800998ecf8427e' },
  { name: 'md5', hash: md5, text: 'message digest', digest: 'f96b697d7cb7938d525a2f31aaf161d0' },
  { name: 'sha1', hash: sha1, text: 'abc', digest: 'a9993e364706816aba3e25717850c26c9cd0d89d' },
  { name: 'sha256', hash: sha256, text: 'abc', digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  {
    name: 'sha512',
    hash: sha512,
    text: 'abc',
    digest:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  },
  { name: 'murmur3', hash: murmur3, text: '', digest: '00000000' },
  { name: 'murmur3', hash: murmur3, text: 'Hello World', digest: 'ce837619' },
  { name: 'murmur3Of128', hash: murmur3Of128, text: '', digest: '00000000000000000000000000000000' },
  { name: 'murmur3Of128', hash: murmur3Of128, text: 'Hello World', digest: 'dbc2a0c1ab26631a27b4c09fcf1fe683' },
];

describe('known answers', () => {
  test.each(known)('$name of "$text" is $digest', ({ hash, text, digest }) => {
    expect(hash(Buffer.from(text))).toBe(digest);
  });
});

test.each([
  { name: 'md5', hash: md5 },
  { name: 'sha1', hash: sha1 },
  { name: 'sha256', hash: sha256 },
  { name: 'sha512', hash: sha512 },
])('$name agrees with the platform on messages around every block boundary', ({ name, hash }) => {
  for (let length = 0; length < 300; length++) {
    const message = Buffer.alloc(length, (length * 7) % 251);
    expect(hash(message)).toBe(createHash(name).update(message).digest('hex'));
  }
});

test('the hashes agree with the platform on any message', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), (message) => {
      for (const [name, hash] of Object.entries({ md5, sha1, sha256, sha512 })) {
        expect(hash(message)).toBe(createHash(name).update(message).digest('hex'));
      }
    }),
  );
});

test.each([
  { text: '', hash: -3750763034362895579n },
  { text: 'hello world', hash: 8618312879776256743n },
])('FNV-1a of "$text" is $hash', ({ text, hash }) => {
  expect(fnv1a(Buffer.from(text))).toBe(hash);
});

test('FNV-1a in pieces agrees with its definition on 64-bit integers', () => {
  const reference = (message: Uint8Array) => {
    let state = 0xcbf29ce484222325n;
    for (const byte of message) state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
    return BigInt.asIntN(64, state);
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
      expect(fnv1a(message)).toBe(reference(message));
    }),
  );
});

/** Made with independent implementations in Go; the message's byte at i is (131 i + 7 length) mod 251. */
const made = [
  {
    length: 0,
    xxh3: '2d06800538d394c2',
    xxh128: '99aa06d3014798d86001c324468d497f',
    murmur3: '00000000',
    murmur128: '00000000000000000000000000000000',
  },
  {
    length: 1,
    xxh3: '4c5cca45d0f4811f',
    xxh128: '495b62073ef70ca44c5cca45d0f4811f',
    murmur3: '82f38268',
    murmur128: '17bd72899d9027c4dd99b1452a70155c',
  },
  {
    length: 2,
    xxh3: 'cd32887c1142aecb',
    xxh128: '8d13e1b1910f332bcd32887c1142aecb',
    murmur3: '077b68c2',
    murmur128: '27f1236f9a24e5c164c3569f84c611b0',
  },
  {
    length: 3,
    xxh3: '72f0e4181e3bfda0',
    xxh128: 'b784d4a7c79966fa72f0e4181e3bfda0',
    murmur3: '4db6a1c4',
    murmur128: '26b3ff729530d38017636d3abf8d9371',
  },
  {
    length: 4,
    xxh3: '74f17fcdef206516',
    xxh128: '9e6dc9195adee003d0ee3d2692641ed7',
    murmur3: 'fba78c49',
    murmur128: 'e2066a69b0ba8a5e7f304580f496a751',
  },
  {
    length: 5,
    xxh3: '6ef937414e8931ac',
    xxh128: '673f76c6acbec855767aed3284f19234',
    murmur3: 'd8301ac4',
    murmur128: '731a4b91e61b17389ad3415efdc79b54',
  },
  {
    length: 8,
    xxh3: '944b57544ddf24e8',
    xxh128: '8dbe5b92a50abce1d6fad5da80469e0d',
    murmur3: '748c1d85',
    murmur128: '68e32aa7f457cb20307ddc8165d62c27',
  },
  {
    length: 9,
    xxh3: 'e9525816545a212b',
    xxh128: '5dc3eec442ddca80a1099fa653813467',
    murmur3: '30cb59e6',
    murmur128: '68e5473ce4c527d1ffcc661fdeca0db1',
  },
  {
    length: 12,
    xxh3: 'ccc83cf7bde11841',
    xxh128: '12921e92ff25396660c64608a735134f',
    murmur3: 'ef5eefb0',
    murmur128: '1e0dc5b9a5de84bfaa955d31b96160f2',
  },
  {
    length: 16,
    xxh3: '2ccfa6959c1d114a',
    xxh128: 'af23dd8cf2f6d3e55f7dfe2d0faf86d7',
    murmur3: '1c48dcd9',
    murmur128: 'cab5cacbf6bdddeadc772ae613cc0ee3',
  },
  {
    length: 17,
    xxh3: 'a83470627c4cf98f',
    xxh128: '1cc0bcf35b55c1fd7de119181a880f54',
    murmur3: 'fd722c95',
    murmur128: 'e317efa3ed474d46b7e933acbc03645f',
  },
  {
    length: 31,
    xxh3: '82f704ed871cfdb9',
    xxh128: 'f7680aca80aecc96724757995b369315',
    murmur3: 'ef52b1cd',
    murmur128: '249cdbf021ae891c38cda9440952c352',
  },
  {
    length: 32,
    xxh3: 'ac862f4f6ca59de3',
    xxh128: 'c26278d3135d6457ebd2943150ecd664',
    murmur3: '3a1ffb03',
    murmur128: 'edf1d507f186d95367c0a7fb672177f4',
  },
  {
    length: 33,
    xxh3: '569c76a71db18934',
    xxh128: '401ef2de765d9aa1b24b6eeabe03d9ee',
    murmur3: 'c46c4a35',
    murmur128: '7a8fae918c11d85b52d48b1cd26a5511',
  },
  {
    length: 64,
    xxh3: '85e70bce0e68044f',
    xxh128: '9dddaf5d322f590140e3f40c5d043009',
    murmur3: 'c34ad21e',
    murmur128: '77afeb76b52e3dda0f34075e19e26fcc',
  },
  {
    length: 65,
    xxh3: 'd7108c392851cab4',
    xxh128: 'ce2ab9f921b02f63d60e597d177ee409',
    murmur3: 'faed6832',
    murmur128: '0ab0516b9680c6f87ebac8267e193287',
  },
  {
    length: 96,
    xxh3: '0bce1979de9a6125',
    xxh128: '61f4b9590d2c60db4bd39869a78c1a2a',
    murmur3: 'c69d5dac',
    murmur128: '6690cc6f6f27940aa6dc5e07f271e635',
  },
  {
    length: 128,
    xxh3: '53ffb275b4405d6c',
    xxh128: '467a18a014b34b6f8b1dc77912fa0d59',
    murmur3: 'be1b61b3',
    murmur128: 'da235deb3a565c582bc7e7377875ca58',
  },
  {
    length: 129,
    xxh3: 'e1e549b658be1e18',
    xxh128: 'fad4dc2fa77cda803464ed66a4b24a66',
    murmur3: '451924da',
    murmur128: 'cd3fe2bdf3e6b416332e0d9a18889c19',
  },
  {
    length: 143,
    xxh3: '63c44f7274b1bf3f',
    xxh128: 'e3267d51fa0d9711e69796f124aef734',
    murmur3: '85db2bd7',
    murmur128: '7b9e36a915dd43d759fe9467d39d8cdb',
  },
  {
    length: 144,
    xxh3: '3ee6ddfac4f80c1f',
    xxh128: 'b3a21c7e9363900cc12faaa57c924323',
    murmur3: '41f8eafe',
    murmur128: '6a5ae9b3851f7a79049804ecd3ddb2da',
  },
  {
    length: 200,
    xxh3: '3bfe5d08b38a6433',
    xxh128: 'f4cd432552b7ce819ca71600a6c74934',
    murmur3: 'e331377d',
    murmur128: 'a61d0986c3a88a08689d401a3f210182',
  },
  {
    length: 239,
    xxh3: '2cea386f3ea7e9a0',
    xxh128: '682c8c1fef1d30c5e970525b7dd4bbb9',
    murmur3: '7f7ba824',
    murmur128: 'edcbb9433322245e4749cb149c7489be',
  },
  {
    length: 240,
    xxh3: 'f688fc195bc44b08',
    xxh128: '97718d7afa65e3993c966561d1abd222',
    murmur3: 'a4463faf',
    murmur128: '29dc0f93cc1d28eef84429b4a3d61c84',
  },
  {
    length: 241,
    xxh3: '1c7bf2b991cc9ad4',
    xxh128: '95e448e1cd226b241c7bf2b991cc9ad4',
    murmur3: '3012696f',
    murmur128: '392ba853652c2baafc5e2b2ca17c1b96',
  },
  {
    length: 256,
    xxh3: 'b05eee51de4d3782',
    xxh128: 'adbfafe0110e500cb05eee51de4d3782',
    murmur3: 'abfa46e2',
    murmur128: 'a11ef60373108c2a9aa4d1829a73a354',
  },
  {
    length: 300,
    xxh3: 'a82c5aa27bf4d8ec',
    xxh128: 'e5b655dec6988fd2a82c5aa27bf4d8ec',
    murmur3: 'f37dd631',
    murmur128: '8d7222fcfa4489e24cf217774dc76adb',
  },
  {
    length: 512,
    xxh3: '971a399fcf142355',
    xxh128: '8393184183b92910971a399fcf142355',
    murmur3: '41392bc6',
    murmur128: 'feb4b337772ff528c64db16a2712d4da',
  },
  {
    length: 1023,
    xxh3: 'cacf22a2fa48039a',
    xxh128: 'd6fea81ac6bcbde3cacf22a2fa48039a',
    murmur3: 'edcf53e9',
    murmur128: '593225893201d5f059f5f589f456abb4',
  },
  {
    length: 1024,
    xxh3: '0a0b795eb34dd4ac',
    xxh128: '96af7465c34467e30a0b795eb34dd4ac',
    murmur3: 'cea73418',
    murmur128: '614793d95334ddd3d5a200a8f485a453',
  },
  {
    length: 1025,
    xxh3: '92f3664913c2e5aa',
    xxh128: 'caf1379d3af0781b92f3664913c2e5aa',
    murmur3: '6093609c',
    murmur128: 'ae90e28a4cb02de1d5e1b40edead6b3d',
  },
  {
    length: 2048,
    xxh3: '03133c2d40536a77',
    xxh128: '301851f472f3bf6d03133c2d40536a77',
    murmur3: '7c7eeb33',
    murmur128: 'e2afdb459d57fd5303b3617ccede998c',
  },
];

test.each(made)('XXH3 and MurmurHash3 of a message of $length bytes', ({ length, ...digests }) => {
  const message = Uint8Array.from({ length }, (_, at) => (at * 131 + length * 7) % 251);
  expect({
    xxh3: xxh3(message),
    xxh128: xxh128(message),
    murmur3: murmur3(message),
    murmur128: murmur3Of128(message),
  }).toEqual(digests);
});
