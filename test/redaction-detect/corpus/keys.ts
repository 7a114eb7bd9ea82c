/** Keys that are told by a prefix. Each is put together here from its parts, so that no scanner of a code host takes this file for a leak. */
import type { DetectorName } from '../../../src/processors/redaction/detect/detect.ts';
import { draw, inFrames, type Labelled, negativesInFrames, seeded } from './sample.ts';

const hex = '0123456789abcdef';
const digit = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const letters = upper + lower;
const base62 = letters + digit;
const base32 = `${upper}234567`;
const base64 = `${base62}+/`;
const url64 = `${base62}-_`;

/** A form: text that stands as it is, and runs of an alphabet. */
type Part = string | readonly [alphabet: string, length: number];

const forms: readonly (readonly [DetectorName, ...(readonly Part[])[]])[] = [
  ['anthropic_key', ['sk-', 'ant-api03-', [base62, 93], '-', [base62, 6], 'AA'], ['sk-', 'ant-admin01-', [base62, 90]]],
  ['openrouter_key', ['sk-', 'or-v1-', [hex, 64]]],
  ['langfuse_key', ['sk-', 'lf-', [hex, 8], '-', [hex, 4], '-', [hex, 4], '-', [hex, 4], '-', [hex, 12]], ['pk-', 'lf-', [hex, 8], '-', [hex, 4], '-', [hex, 4], '-', [hex, 4], '-', [hex, 12]]],
  ['openai_key', ['sk-', [base62, 20], 'T3Blbk', 'FJ', [base62, 20]], ['sk-', 'proj-', [base62, 48], 'T3Blbk', 'FJ', [base62, 48]], ['sk-', 'svcacct-', [base62, 60]], ['sk-', [hex, 32]]],
  ['langsmith_key', ['lsv2', '_pt_', [hex, 32], '_', [hex, 10]], ['lsv2', '_sk_', [hex, 32], '_', [hex, 10]], ['ls', '__', [hex, 32]]],
  ['huggingface_token', ['hf', '_', [letters, 34]], ['api', '_org_', [letters, 34]]],
  ['groq_key', ['gsk', '_', [base62, 52]]],
  ['replicate_token', ['r8', '_', [base62, 37]]],
  ['perplexity_key', ['pplx', '-', [base62, 48]], ['pplx', '-', [hex, 48]]],
  ['xai_key', ['xai', '-', [base62, 80]]],
  ['pinecone_key', ['pcsk', '_', [base62, 6], '_', [base62, 63]]],
  ['nvidia_key', ['nvapi', '-', [url64, 63], 'a']],
  ['tavily_key', ['tvly', '-', [base62, 32]], ['tvly', '-dev-', [base62, 32]]],
  ['together_key', ['tgp', '_v1_', [url64, 42], 'a']],
  ['elevenlabs_key', ['sk', '_', [hex, 48]]],
  ['aws_access_key_id', ['AK', 'IA', [base32, 16]], ['AS', 'IA', [base32, 16]]],
  ['gcp_api_key', ['AI', 'za', [url64, 34], 'a']],
  ['google_oauth', ['ya', '29.a0', [url64, 160], 'a'], ['GOC', 'SPX-', [url64, 27], 'a'], ['1/', '/0', [url64, 60], 'a']],
  ['digitalocean_token', ['dop', '_v1_', [hex, 64]], ['doo', '_v1_', [hex, 64]]],
  ['databricks_token', ['da', 'pi', [hex, 32]], ['da', 'pi', [hex, 32], '-2']],
  ['vault_token', ['hv', 's.', [base62, 24]], ['hv', 'b.', [base62, 138]]],
  ['doppler_token', ['dp', '.pt.', [base62, 43]], ['dp', '.st.dev.', [base62, 43]]],
  ['planetscale_token', ['pscale', '_pw_', [base62, 43]], ['pscale', '_tkn_', [base62, 43]]],
  ['supabase_token', ['sbp', '_', [hex, 40]], ['sb_', 'secret_', [base62, 22], '_', [base62, 8]]],
  ['grafana_token', ['gl', 'sa_', [base62, 32], '_', [hex, 8]], ['gl', 'c_', [base64, 80], 'a']],
  ['newrelic_key', ['NR', 'AK-', [upper + digit, 27]]],
  ['github_token', ['gh', 'p_', [base62, 36]], ['gh', 'o_', [base62, 36]], ['gh', 's_', [base62, 36]], ['github', '_pat_', [base62, 22], '_', [base62, 59]]],
  ['gitlab_token', ['gl', 'pat-', [base62, 20]], ['gl', 'rt-', [base62, 20]], ['gl', 'pat-', [base62, 27], '.01.', [base62, 9]]],
  ['npm_token', ['np', 'm_', [base62, 36]]],
  ['pypi_token', ['py', 'pi-AgEIcHlwaS5vcmc', [url64, 120], 'a']],
  ['docker_token', ['dckr', '_pat_', [url64, 26], 'a']],
  ['atlassian_token', ['ATA', 'TT3xFfGF0', [url64, 170], 'a=', [hex.toUpperCase(), 8]]],
  ['rubygems_key', ['ruby', 'gems_', [hex, 48]]],
  ['linear_key', ['lin', '_api_', [base62, 40]]],
  ['notion_token', ['nt', 'n_', [base62, 46]], ['sec', 'ret_', [base62, 43]]],
  ['figma_token', ['fi', 'gd_', [url64, 39], 'a']],
  ['postman_key', ['PM', 'AK-', [hex, 24], '-', [hex, 34]]],
  ['sentry_token', ['sn', 'tryu_', [hex, 64]], ['sn', 'trys_eyJ', [base62, 120], '_', [base62, 43]]],
  ['slack_token', ['xo', 'xb-', [digit, 12], '-', [digit, 12], '-', [base62, 24]], ['xo', 'xp-', [digit, 12], '-', [digit, 12], '-', [digit, 12], '-', [hex, 32]], ['xa', 'pp-1-A', [upper + digit, 10], '-', [digit, 13], '-', [hex, 64]]],
  ['slack_webhook', ['hooks.slack', '.com/services/T', [upper + digit, 9], '/B', [upper + digit, 9], '/', [base62, 24]]],
  ['discord_webhook', ['discord', '.com/api/webhooks/', [digit.slice(1), 18], '/', [url64, 67], 'a'], ['discordapp', '.com/api/webhooks/', [digit.slice(1), 18], '/', [url64, 67], 'a']],
  ['sendgrid_key', ['S', 'G.', [url64, 21], 'a.', [url64, 42], 'a']],
  ['twilio_key', ['S', 'K', [hex, 32]]],
  ['mailgun_key', ['ke', 'y-', [hex, 32]]],
  ['telegram_token', [[digit.slice(1), 10], ':', 'AA', [url64, 32], 'a'], [[digit.slice(1), 9], ':', 'AA', [url64, 32], 'a']],
  ['discord_token', ['M', [base62, 23], '.', [base62, 6], '.', [url64, 26], 'a'], ['M', [base62, 25], '.', [base62, 6], '.', [url64, 37], 'a']],
  ['stripe_key', ['sk', '_live_', [base62, 24]], ['rk', '_test_', [base62, 99]], ['wh', 'sec_', [base62, 32]]],
  ['square_token', ['sq0', 'atp-', [url64, 21], 'a'], ['sq0', 'csp-', [url64, 42], 'a']],
  ['shopify_token', ['shp', 'at_', [hex, 32]], ['shp', 'ss_', [hex, 32]]],
  ['razorpay_key', ['rzp', '_live_', [base62, 14]]],
  ['azure_client_secret', [[base62, 3], '8Q', '~', [base62, 34]]],
];

const make = (random: () => number, form: readonly Part[]): string =>
  form.map((part) => (typeof part === 'string' ? part : draw(random, part[0], part[1]))).join('');

/** What looks like a key and is none: too short, of another letter case, of one letter, words of a manual, part of a longer word, with a hole, bare prefix. */
function nearMisses(random: () => number, form: readonly Part[]): string[] {
  const map = (change: (part: readonly [string, number]) => string): string => form.map((part) => (typeof part === 'string' ? part : change(part))).join('');
  const key = make(random, form);
  const cut = form.findIndex((part) => typeof part !== 'string');
  const prefix = make(random, form.slice(0, Math.max(cut, 1)));
  return [
    map(([alphabet]) => draw(random, alphabet, 3)),
    map(([alphabet]) => draw(random, alphabet, 5)),
    map(([, length]) => 'x'.repeat(length)),
    map(([, length]) => '0'.repeat(length)),
    map(() => 'your-key-here'),
    map(() => '...'),
    map(() => '<KEY>'),
    `${prefix} ${key.slice(prefix.length)}`,
    `${prefix}!${key.slice(prefix.length)}`,
    prefix,
    `Keys begin with ${prefix} and are secret`,
    `x${key}`,
    `my_${key}`,
  ];
}

export const keys: Labelled[] = forms.map(([detector, ...kinds], index) => {
  const random = seeded(index + 1);
  const values = Array.from({ length: 48 }, (_, at) => make(random, kinds[at % kinds.length] as readonly Part[]));
  const misses = Array.from({ length: 4 }, (_, at) => nearMisses(random, kinds[at % kinds.length] as readonly Part[])).flat();
  return { detector, positives: inFrames(values), negatives: negativesInFrames(misses) };
});
