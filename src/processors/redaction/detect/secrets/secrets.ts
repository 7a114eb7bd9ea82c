/** Secrets. The order is the rank: of two finds of equal length, the earlier entry names the hit. */
import { aiProviderKeys } from './ai-providers.ts';
import { cloudKeys, cloudPlaces } from './cloud.ts';
import { codeHostTokens } from './code-hosts.ts';
import { credentialLiterals, credentialPlaces } from './credentials.ts';
import { messagingPlaces, messagingTokens } from './messaging.ts';
import { namedSecrets } from './named.ts';
import { paymentKeys } from './payment.ts';

export const secretDetectors = [
  ...aiProviderKeys,
  ...cloudKeys,
  ...cloudPlaces,
  ...codeHostTokens,
  ...messagingTokens,
  ...messagingPlaces,
  ...paymentKeys,
  ...credentialLiterals,
  ...credentialPlaces,
  ...namedSecrets,
] as const;
