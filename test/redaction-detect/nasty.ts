/** Texts that are made to make patterns run long: runs of each class of characters, and near-misses of every detector, over and over. */
import { corpus } from './corpus/corpus.ts';
import { seeded } from './corpus/sample.ts';

const fill = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const classes: Readonly<Record<string, string>> = {
  digits: '0123456789',
  'one digit': '7',
  'digits and spaces': '1 ',
  'pairs of digits': '12 ',
  'groups of four': '4111 ',
  'digits and hyphens': '1-',
  'digits and dots': '1.',
  'digits and slashes': '12/',
  'word characters': 'a',
  'mixed word characters': 'aB3_',
  capitals: 'A',
  underscores: '_',
  dots: '.',
  at: '@',
  'letters and at': 'a@',
  'dots and at': 'a.@',
  dashes: '-',
  'letters and dashes': 'a-',
  spaces: ' ',
  'line feeds': '\n',
  'carriage returns': '\r\n',
  'combining marks': 'e\u0301\u0323',
  'Arabic digits': '٠١٢٣ ',
  'full-width digits': '１２３４-',
  'percent encoding': '%40%3a%2F',
  'encoded e-mail': 'a%40a.a%2F',
  'nested lists': '[[',
  'nested objects': '{"a":',
  'nested JSON': '{\\"a\\":\\"',
  'unicode escapes': '\\u0040',
  hexadecimal: 'deadbeef0123',
  'hex and colons': 'ab:',
  'hex and dashes': 'ab-',
  colons: ':',
  'equals signs': '=',
  base64: 'QWxhZGRpbjpvcGVuIHNlc2FtZQ+/',
  'base64 alphabet': 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  'base64 of URLs': 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  quotes: '"',
  apostrophes: "'",
  backslashes: '\\',
  'escaped quotes': '\\"',
  braces: '{"',
  brackets: '(',
  plus: '+',
  tildes: '~',
  slashes: '/',
  percents: '%',
  astral: '😀',
  'Latin with accents': 'é',
  Chinese: '漢字',
  'accents and at': 'é@',
  nul: '\0',
  'lone surrogates': '\ud800',
};

const misses: Readonly<Record<string, string>> = {
  email: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaa.',
  'email domain': 'a@a.a.a.a.a.a.a.a.a',
  phone: '+1 000 000 000 ',
  'phone +999': '+999 123 456 78 ',
  'national phone': '0900 123 456 7 ',
  'bare numbers': '202555014 ',
  cards: '4111111111111112 ',
  'cards in groups': '4111-1111-1111-1112 ',
  iban: 'DE89370400440532013001 ',
  'iban in groups': 'DE89 3704 0044 0532 0130 01 ',
  ssn: '000-12-3456 ',
  sin: '046-454-287 ',
  cpf: '529.982.247-26 ',
  cnpj: '11.222.333/0001-82 ',
  nhs: '943 476 5918 ',
  'nhs beside NHS': 'NHS 943 476 5918 ',
  steuer: '86095742718 ',
  nir: '255081416802539 ',
  nif: '12345678A ',
  nie: 'X1234567A ',
  'codice fiscale': 'RSSMRA85T10A562A ',
  pesel: '44051401358 ',
  personnummer: '811218-9877 ',
  aadhaar: '2341 2341 2345 ',
  resident: '110105194912310021 ',
  medicare: '2123 45671 1 ',
  nino: 'AB123456E ',
  pan: 'ABCPE1234 ',
  ipv4: '1.2.3.256 ',
  'ipv4 of five': '1.2.3.4.5 ',
  ipv6: '2001:db8:1:2:3:4:5 ',
  'ipv6 colons': '2001::db8::',
  mac: '00:1a:2b:3c:4d:5g ',
  'url credentials': 'x://aaaaaaaaaaaaaaaa:aaaaaaaaaaaaaaaa ',
  'url beginnings': '://',
  'url names': '://user:',
  'url names with a scheme': 'a://user:',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.',
  'jwt beginnings': 'eyJ-',
  'jwt in one word': 'eyJ',
  'jwt heads': 'eyJ.eyJ.',
  pem: '-----BEGIN PRIVATE KEY-----',
  'pem beginnings': '-----BEGIN ',
  'pem names': '-----BEGIN A ',
  'pem body': '-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAA-',
  bearer: 'Bearer ',
  'bearer words': 'Bearer internationalization ',
  basic: 'Basic aGVsbG8gd29ybGQ= ',
  'named, empty': 'password=',
  'named, code': 'password = config.password ',
  'named, quoted': '"password": "',
  'named token': 'token: my-app-token-name ',
  'quoted for long': `"password": "${'a '.repeat(300)}`,
  'names for long': `${'a_'.repeat(40)}token=`,
  'provider prefixes': 'sk-',
  'provider prefixes with bodies': 'sk-aaaaaaaaaaaaaaaaaaaaaaaa ',
  github: 'ghp_aaaaaaaa ',
  slack: 'xoxb-1-',
  aws: 'AKIAAAAAAAAAAAAAAAA ',
  discord: 'Maaaaaaaaaaaaaaaaaaaaaaa.aaaaaa.',
  telegram: '123456789:AA',
  azure: 'AccountKey=aaaa',
  'azure secret': 'aaa8Q~',
  addresses: '12 Aaaa Aaaa Aaaa Aaaa ',
  streets: 'Calle de la Aaaaa Aaaaa 1 ',
  dates: 'born 99/99/1999 ',
  'hinted numbers': 'tel 12345678 SSN 000000000 TFN 123456789 ',
};

/** The same piece again and again, each time with other digits: what keeps answers is not helped by it. */
function varied(piece: string, length: number): string {
  const random = seeded(length);
  const pieces: string[] = [];
  for (let size = 0; size < length; size += piece.length) pieces.push(piece.replace(/\d/g, () => String(Math.floor(random() * 10))));
  return pieces.join('').slice(0, length);
}

interface Nasty {
  readonly name: string;
  /** So many characters of it. */
  readonly make: (length: number) => string;
}

/** What each detector finds, all but the last character; the same with other digits; and what it must not find. The corpus has samples of every detector, or its own test fails: so none can be forgotten. */
export const nearMisses: readonly Nasty[] = corpus.flatMap(({ detector, positives, negatives }) => {
  const cut = `${positives.map(({ text, found }) => (found ?? text).slice(0, -1)).join(' ')} `;
  const wrong = `${negatives.map(({ text }) => text).join(' ')} `;
  return [
    { name: `${detector}, cut`, make: (length: number) => fill(cut, length) },
    { name: `${detector}, other digits`, make: (length: number) => varied(cut, length) },
    { name: `${detector}, none`, make: (length: number) => fill(wrong, length) },
  ];
});

/** Everything above. */
export const everythingNasty: readonly Nasty[] = [
  ...Object.entries({ ...classes, ...misses }).map(([name, piece]) => ({ name, make: (length: number) => fill(piece, length) })),
  ...Object.entries(misses)
    .filter(([, piece]) => /\d/.test(piece))
    .map(([name, piece]) => ({ name: `${name}, other digits`, make: (length: number) => varied(piece, length) })),
  ...nearMisses,
];
