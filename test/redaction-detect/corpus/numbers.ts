/**
 * Numbers with check digits. Those that are published examples stand here as they are; the others get their check digit by trying all, with the
 * published rule written down once more, in another way than the detectors have it.
 */
import type { DetectorName } from '../../../src/processors/redaction/detect/detect.ts';
import { draw, frames, inFrames, type Labelled, negatives, negativesInFrames, pick, seeded } from './sample.ts';

const digit = '0123456789';
const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
const each = (text: string): number[] => [...text].map(Number);

/** The first text of those with `%` replaced by a digit (or by `alphabet`) that passes. */
function complete(text: string, passes: (text: string) => boolean, alphabet = digit): string {
  for (const character of alphabet) if (passes(text.replace('%', character))) return text.replace('%', character);
  return '';
}

const luhn = (text: string): boolean =>
  sum(each([...text].reverse().map((character, at) => (at % 2 === 0 ? character : String(Number(character) * 2))).join(''))) % 10 === 0;
const weights = (text: string, ...by: number[]): number => sum(by.map((weight, at) => weight * Number(text[at])));
const mod97 = (text: string): bigint => BigInt([...text].map((character) => Number.parseInt(character, 36)).join('')) % 97n;

/** The dihedral group as symmetries of a pentagon: r^a, then a mirror. */
const compose = (one: number, other: number): number => {
  const turn = one < 5 ? (one + (other % 5)) % 5 : (((one - other) % 5) + 5) % 5;
  return turn + (one < 5 === other < 5 ? 0 : 5);
};
const turned = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
const verhoeff = (text: string): boolean =>
  [...text].reverse().reduce((check, character, place) => {
    let value = Number(character);
    for (let time = 0; time < place % 8; time += 1) value = turned[value] as number;
    return compose(check, value);
  }, 0) === 0;

const iso11to10 = (text: string): boolean => {
  let rest = 10;
  for (const value of each(text.slice(0, -1))) {
    rest = (rest + value) % 10 === 0 ? 10 : (rest + value) % 10;
    rest = (rest * 2) % 11;
  }
  return (rest + Number(text.at(-1))) % 10 === 1;
};
const steuer = (text: string): boolean => {
  const counts = [...digit].map((character) => text.slice(0, 10).split(character).length - 1).sort((one, other) => other - one);
  return iso11to10(text) && ((counts[0] === 2 || counts[0] === 3) && (counts[1] as number) <= 1) && text[0] !== '0';
};
const brazil = (text: string, ...by: number[]): boolean => {
  const rest = weights(text, ...by) % 11;
  return Number(text[by.length]) === (rest < 2 ? 0 : 11 - rest);
};
const cpf = (text: string): boolean => brazil(text, 10, 9, 8, 7, 6, 5, 4, 3, 2) && brazil(text, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
const cnpj = (text: string): boolean => brazil(text, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) && brazil(text, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2);
const nhs = (text: string): boolean => weights(text, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 === 0;
const bsn = (text: string): boolean => weights(text, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 === 0;
const pesel = (text: string): boolean => weights(text, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 === 0;
const tfn = (text: string): boolean => weights(text, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 === 0;
const medicare = (text: string): boolean => weights(text, 1, 3, 7, 9, 1, 3, 7, 9) % 10 === Number(text[8]);
const resident = (text: string): boolean =>
  [...text].reduce((rest, character, at) => (rest + (character === 'X' ? 10 : Number(character)) * 2 ** (17 - at)) % 11, 0) === 1;
const nir = (text: string): boolean => BigInt(text.slice(0, 13).replace('2A', '19').replace('2B', '18')) % 97n === BigInt(97 - Number(text.slice(13)));
const nif = (text: string): boolean => {
  const rest = Number(text.slice(0, -1).replace(/^X/, '0').replace(/^Y/, '1').replace(/^Z/, '2')) % 23;
  return 'T0 R1 W2 A3 G4 M5 Y6 F7 P8 D9 X10 B11 N12 J13 Z14 S15 Q16 V17 H18 L19 C20 K21 E22'.split(' ').includes(`${text.at(-1)}${rest}`);
};
/** What the characters 0-9 or A-Z count on odd places, by the decree's table in its own order. */
const odd = Object.fromEntries(
  '0=1 1=0 2=5 3=7 4=9 5=13 6=15 7=17 8=19 9=21 A=1 B=0 C=5 D=7 E=9 F=13 G=15 H=17 I=19 J=21 K=2 L=4 M=18 N=20 O=11 P=3 Q=6 R=8 S=12 T=14 U=16 V=10 W=22 X=25 Y=24 Z=23'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);
const fiscal = (text: string): boolean =>
  sum([...text.slice(0, 15)].map((character, at) => (at % 2 === 0 ? Number(odd[character]) : Number.parseInt(character, 36) - (character > '9' ? 10 : 0)))) % 26 ===
  text.charCodeAt(15) - 65;

/** `#` of `form` is any digit; what stands behind are the forms in which people write the number: lengths of groups and separators. */
const written = (digits: string, groups: string): string => {
  let at = 0;
  return groups.replace(/\d+/g, (length) => {
    at += Number(length);
    return digits.slice(at - Number(length), at);
  });
};
const fill = (random: () => number, form: string): string => form.replace(/#/g, () => pick(random, digit));

function make(seed: number, count: number, from: (random: () => number) => string): string[] {
  const random = seeded(seed);
  const values: string[] = [];
  while (values.length < count) {
    const value = from(random);
    if (value !== '') values.push(value);
  }
  return values;
}

interface Kind {
  readonly detector: DetectorName;
  /** Published examples, without separators. */
  readonly published: readonly string[];
  readonly draw: (random: () => number) => string;
  readonly passes: (text: string) => boolean;
  /** How it is written, found without words around. */
  readonly plain: readonly string[];
  /** How it is written, found with one of `words` before it. */
  readonly worded?: readonly string[];
  readonly words?: readonly string[];
  readonly lookalikes: readonly string[];
}

const date = (random: () => number, form: string): string =>
  form
    .replace('YYYY', () => String(1930 + Math.floor(random() * 75)))
    .replace('YY', () => draw(random, digit, 2))
    .replace('MM', () => String(1 + Math.floor(random() * 12)).padStart(2, '0'))
    .replace('DD', () => String(1 + Math.floor(random() * 28)).padStart(2, '0'));

const kinds: readonly Kind[] = [
  {
    detector: 'credit_card',
    published: ['4111111111111111', '5555555555554444', '4012888888881881', '5105105105105100', '6011111111111117', '3530111333300000', '2223003122003222'],
    draw: (random) => complete(fill(random, `${pick(random, ['4###', '51##', '54##', '2221', '6011', '3528'])}###########%`), luhn),
    passes: luhn,
    plain: ['16', '4 4 4 4', '4-4-4-4'],
    lookalikes: ['4111 1111 1111', '1714999999123456', 'order 1000000000000008', '41111111111111111111111', 'id_4111111111111111', '4111-1111-1111-1111-1111-1111', 'v4111111111111111', '0.4111111111111111', '$4111111111111111', '0000 0000 0000 0000', '4444-4444-4444-4444'],
  },
  {
    detector: 'canada_sin',
    published: ['130692544', '193456787'],
    draw: (random) => complete(fill(random, `${pick(random, '1234567')}#######%`), luhn),
    passes: luhn,
    plain: ['3-3-3'],
    worded: ['3 3 3', '9'],
    words: ['SIN', 'social insurance number', 'NAS'],
    lookalikes: ['046 454 286', '046454286', 'run 046454286', '2024-046-454-286', '046-454-286-1', '$046454286', 'part 046-454-28', '146-454-286'],
  },
  {
    detector: 'brazil_cpf',
    published: ['52998224725', '11144477735', '12345678909'],
    draw: (random) => complete(complete(fill(random, '#########%~'), (text) => brazil(text, 10, 9, 8, 7, 6, 5, 4, 3, 2)).replace('~', '%'), cpf),
    passes: cpf,
    plain: ['3.3.3-2', '11'],
    lookalikes: ['111.111.111-11', '529.982.247', '1.529.982.247-25', '52998224725123', '17149999991', '$52998224725', 'v529.982.247-25'],
  },
  {
    detector: 'brazil_cnpj',
    published: ['11222333000181', '00000000000191', '33000167000101'],
    draw: (random) => complete(complete(fill(random, '########0001%~'), (text) => brazil(text, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)).replace('~', '%'), cnpj),
    passes: cnpj,
    plain: ['2.3.3/4-2'],
    worded: ['14'],
    words: ['CNPJ', 'o CNPJ da empresa é'],
    lookalikes: ['20240506123000', '11222333000181', '11.222.333/0001', '11.222.333', '2024/0506-12', '11.222.333/0001-8', 'a11.222.333/0001-81'],
  },
  {
    detector: 'uk_nhs',
    published: ['9434765919', '4505577104', '9876543210'],
    draw: (random) => complete(fill(random, '4########%'), nhs),
    passes: nhs,
    plain: [],
    worded: ['3 3 4', '10', '3-3-4'],
    words: ['NHS number', 'NHS No.', 'NHS'],
    lookalikes: ['943 476 5919', '9434765919', 'id 4505577104', '943 476 591', '450-557-7104', '1714999999', 'at 1714999999 s'],
  },
  {
    detector: 'germany_tax_id',
    published: ['86095742719', '47036892816', '65929970489', '57549285017', '25768131411'],
    draw: (random) => {
      const nine = [...'123456789'].sort(() => random() - 0.5).join('');
      return complete(`${nine}${pick(random, nine)}%`, steuer);
    },
    passes: steuer,
    plain: ['11', '2 3 3 3'],
    lookalikes: ['12345678901', '17149999991', '01234567890', '86 095 742', '8609574271', '860957427199', '86095742719x', '$86095742719', '0.86095742719'],
  },
  {
    detector: 'france_nir',
    published: ['255081416802538', '269054958815780'],
    draw: (random) => {
      const number = date(random, fill(random, `${pick(random, '12')}YYMM${pick(random, ['75', '13', '2A', '2B', '69'])}######`));
      const value = BigInt(number.replace('2A', '19').replace('2B', '18'));
      return number + String(97n - (value % 97n)).padStart(2, '0');
    },
    passes: nir,
    plain: ['15', '1 2 2 2 3 3 2'],
    lookalikes: ['255081416802530', '1714999999123', '171499999912345', '2 55 08 14 168 025', '255081416802538123', '955081416802538', 'x255081416802538', '2 55 13 14 168 025 38'],
  },
  {
    detector: 'spain_nif',
    published: ['12345678Z', '00000000T', 'X1234567L', 'Z8327649K', 'Y2345678Z'],
    draw: (random) => complete(fill(random, pick(random, ['########%', 'X#######%', 'Y#######%'])), nif, 'TRWAGMYFPDXBNJZSQVHLCKE'),
    passes: nif,
    plain: ['8'],
    lookalikes: ['12345678A', '1234567Z', '123456789Z', 'X1234567A', 'XX1234567L', '12345678ZZ', '20240506T123000', '20240506T', '12345678 apples', '0x12345678'],
  },
  {
    detector: 'italy_fiscal_code',
    published: ['RSSMRA85T10A562S', 'MRTMTT25D09F205Z', 'VRDGPP13R10B293P'],
    draw: (random) => {
      const consonants = 'BCDFGLMNPRSTVZ';
      return complete(`${draw(random, consonants, 6)}${fill(random, '##')}${pick(random, 'ABCDEHLMPRST')}${date(random, 'DD')}${pick(random, 'ABCDEFGHIL')}${fill(random, '###')}%`, fiscal, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    },
    passes: fiscal,
    plain: ['16'],
    lookalikes: ['RSSMRA85T10A562A', 'RSSMRA85F10A562S', 'RSSMRA85T10A562', 'RSSMRA85T10A562SX', 'aRSSMRA85T10A562S', 'RSSMRA 85', 'ABCDEF12', 'SHA256', 'FOOBAR85T10A562Q'],
  },
  {
    detector: 'netherlands_bsn',
    published: ['111222333', '123456782', '999990019'],
    draw: (random) => complete(fill(random, `${pick(random, '1234')}#######%`), bsn),
    passes: bsn,
    plain: [],
    worded: ['9', '4.2.3'],
    words: ['BSN', 'burgerservicenummer', 'BSN:'],
    lookalikes: ['111222333', '123456782', 'order 111222333', '1112.22.333', '17149999', '1714999999', 'id=123456782'],
  },
  {
    detector: 'poland_pesel',
    published: ['44051401359', '02070803628', '92071314764'],
    draw: (random) => complete(date(random, fill(random, 'YYMMDD####%')), pesel),
    passes: pesel,
    plain: ['11'],
    lookalikes: ['44051401358', '44131401359', '44053301359', '4405140135', '440514013591', '17149999991', '1714999999123', 'x44051401359', '0.44051401359'],
  },
  {
    detector: 'sweden_personnummer',
    published: ['8112189876', '6403273813'],
    draw: (random) => complete(date(random, fill(random, 'YYMMDD###%')), luhn),
    passes: luhn,
    plain: ['6-4'],
    worded: ['10'],
    words: ['personnummer', 'Personnummer:', 'pnr'],
    lookalikes: ['811218-9877', '811318-9876', '8112189876', '202405061230', '811218-98765', '811218-987', '1714999999', 'x811218-9876', '2024-8112189876'],
  },
  {
    detector: 'india_aadhaar',
    published: ['234123412346', '499118665246'],
    draw: (random) => complete(fill(random, `${pick(random, '23456789')}##########%`), verhoeff),
    passes: verhoeff,
    plain: ['4 4 4', '4-4-4'],
    worded: ['12'],
    words: ['Aadhaar', 'my aadhar number is', 'UIDAI'],
    lookalikes: ['2341 2341 2345', '1341 2341 2346', '234123412346', '2022 2023 2024', '2341 2341', '202405061230', '171499999912', '2341-2341-2346-1', 'x2341 2341 2346'],
  },
  {
    detector: 'china_resident_id',
    published: ['11010519491231002X', '440524188001010014'],
    draw: (random) => complete(date(random, fill(random, `${pick(random, ['110105', '310115', '440524'])}YYYYMMDD###%`)), resident, `${digit}X`),
    passes: resident,
    plain: ['18'],
    lookalikes: ['110105194912310020', '11010519491331002X', '110105294912310021', '1101051949123100', '171499999912345678', '1714999999123456789', 'a11010519491231002X', '11010519491231002X9'],
  },
  {
    detector: 'australia_tfn',
    published: ['123456782', '876543210'],
    draw: (random) => complete(fill(random, `${pick(random, '123456789')}#######%`), tfn),
    passes: tfn,
    plain: [],
    worded: ['3 3 3', '9', '3-3-3'],
    words: ['TFN', 'tax file number', 'TFN:'],
    lookalikes: ['123 456 782', '123456782', '876543210', 'id 876543210', 'build 123456782', '17149999', '1714999999'],
  },
  {
    detector: 'australia_medicare',
    published: ['2123456701', '2428778132'],
    draw: (random) => {
      const number = complete(fill(random, `${pick(random, '23456')}#######%`), medicare);
      return number === '' ? '' : `${number}${pick(random, '12345')}`;
    },
    passes: medicare,
    plain: ['4 5 1'],
    worded: ['10'],
    words: ['Medicare', 'Medicare card', 'medicare no'],
    lookalikes: ['2123 45671 1', '1123 45670 1', '2123456701', '2123 45670 12', '2123 45670', '1714999999', 'x2123 45670 1'],
  },
];

/** Numbers that differ from a good one in one digit, and fail. */
function broken({ passes }: Kind, values: readonly string[]): string[] {
  return values.flatMap((value, at) => {
    const place = value.length - 2 - (at % 3);
    const changed = `${value.slice(0, place)}${(Number(value[place]) + 1 + (at % 8)) % 10}${value.slice(place + 1)}`;
    return Number.isNaN(Number(value[place])) || passes(changed) ? [] : [changed];
  });
}

function labelled(kind: Kind, index: number): Labelled {
  const values = [...kind.published, ...make(index + 100, 40, kind.draw)];
  const forms = [...kind.plain, ...(kind.worded ?? [])];
  const positives = values.flatMap((value, at) => {
    const form = forms[at % forms.length] as string;
    const length = Number(value.length);
    const found = /^\d+$/.test(form) ? value : written(value, form);
    if (found.replace(/[^0-9A-Z]/g, '').length !== length) return [];
    const word = kind.plain.includes(form) ? '' : `${kind.words?.[at % (kind.words.length || 1)]} `;
    const frame = frames[at % frames.length] as string;
    return [{ text: frame.replace('%', () => word + found), found }];
  });
  const wrong = broken(kind, values).map((value, at) => {
    const form = forms[at % forms.length] as string;
    return /^\d+$/.test(form) ? value : written(value, form);
  });
  return { detector: kind.detector, positives, negatives: [...negativesInFrames(kind.lookalikes), ...negatives(wrong)] };
}

const ibans =
  'DE89370400440532013000 GB29NWBK60161331926819 FR1420041010050500013M02606 ES9121000418450200051332 IT60X0542811101000000123456 NL91ABNA0417164300 BE68539007547034 CH9300762011623852957 AT611904300234573201 SE4550000000058398257466 NO9386011117947 DK5000400440116243 FI2112345600000785 PL61109010140000071219812874 PT50000201231234567890154 IE29AIBK93115212345678 LU280019400644750000 CZ6508000000192000145399 HU42117730161111101800000000 GR1601101250000000012300695 TR330006100519786457841326 SA0380000000608010167519 AE070331234567890123456 BR1800360305000010009795493C1'.split(
    ' ',
  );
const grouped = (text: string): string => text.replace(/(.{4})(?!$)/g, '$1 ');

/** Banks and accounts drawn anew under German and Dutch rules; the check digits by trying all. */
const drawnIbans = make(77, 24, (random) => {
  const rest = random() < 0.5 ? ['DE', fill(random, '##################')] : ['NL', `INGB${fill(random, '##########')}`];
  for (let check = 2; check < 99; check += 1) {
    const digits = String(check).padStart(2, '0');
    if (mod97(`${rest[1]}${rest[0]}${digits}`) === 1n) return `${rest[0]}${digits}${rest[1]}`;
  }
  return '';
});

export const numbers: Labelled[] = [
  ...kinds.map(labelled),
  {
    detector: 'iban',
    positives: inFrames([...ibans, ...ibans.map(grouped), ...drawnIbans]),
    negatives: negativesInFrames([
      ...ibans.map((iban) => `${iban.slice(0, 4)}${iban.slice(4, -1)}${iban.endsWith('0') ? '1' : '0'}`).filter((iban) => mod97(iban.slice(4) + iban.slice(0, 4)) !== 1n),
      ...ibans.map((iban) => iban.slice(0, -1)),
      'ZZ89370400440532013000',
      'xDE89370400440532013000',
      'DE89 3704 0044',
      'AB12CD34EF56GH78IJ90',
      'RUN20240506123045678901',
    ]),
  },
  {
    detector: 'us_ssn',
    positives: inFrames(make(5, 40, (random) => fill(random, `${pick(random, ['219', '457', '123', '559', '772', '031'])}-${pick(random, ['09', '55', '12', '78'])}-${pick(random, '123456789')}###`)), [
      ...frames,
      'My SSN is %.',
    ]),
    negatives: negativesInFrames([
      '000-12-3456', '666-12-3456', '900-12-3456', '987-65-4321', '123-00-4567', '123-45-0000', '078-05-1120', '219-09-9999', '123-45-67890', '1123-45-6789',
      '123-45-6789-0', '123 45 6789', '123456789', 'order 457551462', 'part 457-55-14', '2024-45-6789', 'x457-55-1462', '457-55-1462x', '457_55_1462', '555-1234',
      '3f25-457-55-1462', '(457-55)', '457.55.1462', '457/55/1462', '45-755-1462', 'ISBN 978-3-16-148410-0', '12-34-5678', 'T-457-551-462',
    ]),
  },
  {
    detector: 'uk_nino',
    positives: inFrames(make(6, 40, (random) => {
      const letters = pick(random, ['AB', 'JG', 'WK', 'SX', 'NE', 'ZY', 'CR', 'HM']);
      const digits = fill(random, '######');
      const suffix = pick(random, 'ABCD');
      return random() < 0.5 ? `${letters}${digits}${suffix}` : `${letters} ${written(digits, '2 2 2')} ${suffix}`;
    })),
    negatives: negativesInFrames([
      'BG123456A', 'GB123456A', 'NK123456B', 'TN123456C', 'ZZ123456D', 'DA123456C', 'QQ123456C', 'AO123456C', 'AB123456E', 'AB12345C', 'AB1234567C', 'ab123456c', 'XAB123456C',
      'AB123456CX', 'AB_123456_C', 'AB 12 34 56', 'AB 123 456 C', 'ISO 12 34 56', 'in 12 34 56 A', 'SK123456-A1', 'UV123456A', 'FA123456A', 'AB123456-D2', 'RTX4090A',
      'GPT4', 'AB.12.34.56.C', 'A1 23 45 67 B', 'AB 12:34:56 C',
    ]),
  },
  {
    detector: 'india_pan',
    positives: inFrames(make(7, 40, (random) => `${draw(random, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 3)}${pick(random, 'PCHABGJLFT')}${pick(random, 'ABCDEFGHKLMNPRS')}${fill(random, '####')}${pick(random, 'ABCDEFGHKLMNPRS')}`)),
    negatives: negativesInFrames([
      'ABCDE1234F', 'ABCPE123F', 'ABCPE12345F', 'abcpe1234f', 'ABCPE1234', 'XABCPE1234F', 'ABCPE1234FG', 'ABCP1234F', 'ABCPE1234F_x', 'ABCPE-1234-F', 'ABCPE 1234 F',
      'ABCPE1234f', 'AbcPE1234F', 'ABCQE1234F', 'ABCXE1234F', 'ABCZE1234F', 'ERROR5000', 'HTTPS8443A', 'QWERT1234Y', 'CUDNN8900X', 'ABCPE1234F-2', 'TOKEN2024A', 'INDEX0001Z',
    ]),
  },
];
