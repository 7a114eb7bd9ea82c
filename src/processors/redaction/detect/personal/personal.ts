/** Personal data. The order is the rank: of two finds of equal length, the earlier entry names the hit. */
import { americanDetectors } from './americas.ts';
import { asiaPacificNumbers, asiaPacificWords } from './asia-pacific.ts';
import { birthAndAddressDetectors } from './birth-and-address.ts';
import { cardDetectors } from './credit-card.ts';
import { emailDetectors } from './email.ts';
import { europeanNumbers, europeanWords } from './europe.ts';
import { ibanDetectors } from './iban.ts';
import { networkDetectors } from './network.ts';
import { phoneDetectors } from './phone.ts';

export const personalDetectors = [
  ...emailDetectors,
  ...ibanDetectors,
  ...cardDetectors,
  ...americanDetectors,
  ...europeanNumbers,
  ...europeanWords,
  ...asiaPacificNumbers,
  ...asiaPacificWords,
  ...networkDetectors,
  ...phoneDetectors,
  ...birthAndAddressDetectors,
] as const;
