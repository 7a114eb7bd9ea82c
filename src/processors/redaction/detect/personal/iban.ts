/** International bank account numbers (ISO 13616). */
import { remainder97 } from '../checksum.ts';
import type { WordDetector } from '../detector.ts';

/** Lengths by country: the IBAN registry of SWIFT. */
const lengths =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 ' +
  'GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 ' +
  'PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20';

const countries = lengths.split(' ').map((entry) => `${entry.slice(0, 2)}\\d\\d(?:[ -]?[A-Z\\d]){${Number(entry.slice(2)) - 4}}`);

function isIban(found: string): boolean {
  const text = found.replace(/[ -]/g, '').toUpperCase();
  return remainder97(text.slice(4) + text.slice(0, 4)) === 1;
}

export const ibanDetectors = [
  {
    name: 'iban',
    doc: "IBANs, in groups or in one piece: the country's length and the check by 97.",
    preset: 'pii',
    letters: [2],
    pattern: new RegExp(`(?:${countries.join('|')})(?![A-Za-z\\d])`, 'iy'),
    isValid: isIban,
  },
] as const satisfies readonly WordDetector[];
