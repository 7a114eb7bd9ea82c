/** Keys of clouds, databases and infrastructure. */
import { isDigit, isWord } from '../characters.ts';
import type { LiteralDetector, PlaceDetector, Range } from '../detector.ts';
import { isDrawn } from './randomness.ts';

export const cloudKeys = [
  {
    name: 'aws_access_key_id',
    doc: 'AWS access key ids: `AKIA`, `ASIA`, `ABIA` or `ACCA` and 16 characters of base 32.',
    preset: 'secrets',
    literals: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /A(?:KI|SI|BI|CC)A[A-Z2-7]{16}(?!\w)/y,
  },
  {
    name: 'gcp_api_key',
    doc: 'Google API keys: `AIza` and 35 characters.',
    preset: 'secrets',
    literals: ['AIza'],
    pattern: /AIza[\w-]{35}(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'google_oauth',
    doc: 'Google OAuth access tokens (`ya29.`), refresh tokens (`1//0`) and client secrets (`GOCSPX-`).',
    preset: 'secrets',
    literals: ['ya29.', '1//0', 'GOCSPX-'],
    pattern: /(?:ya29\.[\w-]{20,512}|1\/\/0[\w-]{40,256}|GOCSPX-[\w-]{28})(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'azure_storage_key',
    doc: 'Azure storage, Service Bus and Cosmos keys in connection strings: behind `AccountKey=` or `SharedAccessKey=`.',
    preset: 'secrets',
    literals: ['AccountKey=', 'SharedAccessKey='],
    pattern: /[A-Za-z\d+/]{40,86}={1,2}(?![A-Za-z\d+/=])/y,
    isLabel: true,
    isValid: isDrawn,
  },
  {
    name: 'azure_sas',
    doc: 'The signature of Azure shared access URLs: behind `?sig=` or `&sig=`.',
    preset: 'secrets',
    literals: ['?sig=', '&sig='],
    pattern: /[A-Za-z\d+/%]{40,100}={0,2}(?![A-Za-z\d+/%=])/y,
    isLabel: true,
    isValid: isDrawn,
  },
  {
    name: 'digitalocean_token',
    doc: 'DigitalOcean tokens: `dop_v1_`, `doo_v1_`, `dor_v1_` and 64 hexadecimal digits.',
    preset: 'secrets',
    literals: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: /do[opr]_v1_[\da-f]{64}(?!\w)/y,
    isValid: isDrawn,
  },
  {
    name: 'databricks_token',
    doc: 'Databricks tokens: `dapi` and 32 hexadecimal digits.',
    preset: 'secrets',
    literals: ['dapi'],
    pattern: /dapi[\da-f]{32}(?:-\d)?(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'vault_token',
    doc: 'HashiCorp Vault tokens: `hvs.`, `hvb.`, `hvr.`.',
    preset: 'secrets',
    literals: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /hv[sbr]\.[\w-]{24,300}(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'doppler_token',
    doc: 'Doppler tokens: `dp.pt.`, `dp.st.` and their kin.',
    preset: 'secrets',
    literals: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.'],
    pattern: /dp\.(?:pt|st|ct|sa)\.(?:[a-z\d_-]{2,35}\.)?[A-Za-z\d]{40,44}(?!\w)/y,
    isValid: isDrawn,
  },
  {
    name: 'planetscale_token',
    doc: 'PlanetScale passwords and tokens: `pscale_pw_`, `pscale_tkn_`, `pscale_oauth_`.',
    preset: 'secrets',
    literals: ['pscale_'],
    pattern: /pscale_(?:pw|tkn|oauth)_[\w.=-]{32,64}(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'supabase_token',
    doc: 'Supabase tokens and secret keys: `sbp_`, `sb_secret_`.',
    preset: 'secrets',
    literals: ['sbp_', 'sb_secret_'],
    pattern: /(?:sbp_[\da-f]{40}|sb_secret_[\w-]{22,44})(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'grafana_token',
    doc: 'Grafana service account and cloud tokens: `glsa_`, `glc_`.',
    preset: 'secrets',
    literals: ['glsa_', 'glc_'],
    pattern: /(?:glsa_[A-Za-z\d]{32}_[\da-f]{8}|glc_[A-Za-z\d+/]{32,400}={0,2})(?!\w)/y,
    isValid: isDrawn,
  },
  {
    name: 'newrelic_key',
    doc: 'New Relic user and ingest keys: `NRAK-`, `NRII-`.',
    preset: 'secrets',
    literals: ['NRAK-', 'NRII-'],
    pattern: /NR(?:AK-[A-Z\d]{27}|II-[\w-]{32})(?![\w-])/y,
    isValid: isDrawn,
  },
] as const satisfies readonly LiteralDetector[];

const azureClientSecret = /[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/y;

export const cloudPlaces = [
  {
    name: 'azure_client_secret',
    doc: 'Client secrets of Microsoft Entra applications: `8Q~` at the fourth place of 37 to 40 characters.',
    preset: 'secrets',
    at: '~',
    behind: 'Q',
    cost: 4,
    find: (text: string, at: number): Range | undefined => {
      if (text.charCodeAt(at - 1) !== 81 || !isDigit(text.charCodeAt(at - 2)) || at < 5) return undefined;
      if (isWord(text.charCodeAt(at - 6))) return undefined;
      azureClientSecret.lastIndex = at - 5;
      if (!azureClientSecret.test(text) || !isDrawn(text.slice(at - 5, azureClientSecret.lastIndex))) return undefined;
      return { start: at - 5, end: azureClientSecret.lastIndex };
    },
  },
] as const satisfies readonly PlaceDetector[];
