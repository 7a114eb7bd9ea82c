/** Secrets to plant: each is unique, has a form that a detector knows, and is put together here, so that none stands in any file. */
import { createHash } from 'node:crypto';

export interface Canary {
  readonly form: string;
  /** What is planted. */
  readonly secret: string;
  /** The part of it that nobody may learn. It occurs nowhere else. */
  readonly core: string;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const hex = `${digits}abcdef`;
const base62 = upper + lower + digits;

/** An endless source of characters that is the same in every run: SHA-256 of a name and a counter. */
class Source {
  readonly #name: string;
  #count = 0;
  #bytes = Buffer.alloc(0);

  constructor(name: string) {
    this.#name = name;
  }

  below(limit: number): number {
    if (this.#bytes.length < 4)
      this.#bytes = createHash('sha256')
        .update(`${this.#name} ${this.#count++}`)
        .digest();
    const value = this.#bytes.readUInt32BE(0);
    this.#bytes = this.#bytes.subarray(4);
    return value % limit;
  }

  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  }
}

type Form = (source: Source) => { readonly secret: string; readonly core: string };

/** What is told by a prefix: everything behind it is the core. */
const prefixed =
  (prefix: string, alphabet: string, length: number): Form =>
  (source) => {
    const core = `${source.text(alphabet, length - 1)}x`;
    return { secret: prefix + core, core };
  };

function luhn(payload: string): string {
  let sum = 0;
  for (const [index, digit] of [...payload].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return `${(10 - (sum % 10)) % 10}`;
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Found wherever they stand, also alone and without a name beside them. */
const forms: Readonly<Record<string, Form>> = {
  email: (source) => {
    const core = source.text(lower, 14);
    return { secret: `${core}@mail.example.com`, core };
  },
  credit_card: (source) => {
    const payload = `4${source.text(digits, 14)}`;
    const number = payload + luhn(payload);
    const groups = number.match(/\d{4}/g) as string[];
    return { secret: groups.join(' '), core: groups.slice(1).join(' ') };
  },
  iban: (source) => {
    const account = source.text(digits, 18);
    const rest = Number(BigInt(`${account}131400`) % 97n);
    return { secret: `DE${`${98 - rest}`.padStart(2, '0')}${account}`, core: account };
  },
  us_ssn: (source) => {
    const core = `${110 + source.below(500)}-${11 + source.below(80)}-${1_111 + source.below(8_000)}`;
    return { secret: core, core };
  },
  phone: (source) => {
    const core = `151${source.text('123456789', 8)}`;
    return { secret: `+49${core}`, core };
  },
  ipv4: (source) => {
    const core = `81.${100 + source.below(150)}.${100 + source.below(150)}.${100 + source.below(150)}`;
    return { secret: core, core };
  },
  ipv6: (source) => {
    const part = (): string => `a${source.text(hex, 3)}`;
    const core = `${part()}:${part()}:${part()}::${part()}`;
    return { secret: `2a01:4f8:${core}`, core };
  },
  mac_address: (source) => {
    const core = `${Array.from({ length: 5 }, () => source.text(hex, 2)).join(':')}:a1`;
    return { secret: core, core };
  },
  openai: prefixed(`${'sk'}-proj-`, base62, 48),
  anthropic: prefixed(`${'sk'}-ant-api03-`, base62, 95),
  langsmith: (source) => {
    const core = `${source.text(hex, 32)}_${source.text(hex, 10)}`;
    return { secret: `${'lsv2'}_pt_${core}`, core };
  },
  huggingface: prefixed(`${'hf'}_`, base62, 34),
  groq: prefixed(`${'gsk'}_`, base62, 52),
  aws: (source) => {
    const core = source.text(`${upper}234567`, 16);
    return { secret: `${'AK'}IA${core}`, core };
  },
  gcp: prefixed(`${'AI'}za`, base62, 35),
  github: prefixed(`${'gh'}p_`, base62, 36),
  gitlab: prefixed(`${'gl'}pat-`, base62, 20),
  npm: prefixed(`${'np'}m_`, base62, 36),
  slack: (source) => {
    const core = `${source.text(digits, 12)}-${source.text(base62, 24)}`;
    return { secret: `${'xo'}xb-${source.text(digits, 12)}-${core}`, core };
  },
  stripe: prefixed(`${'sk'}_live_`, base62, 32),
  sendgrid: (source) => {
    const core = `${source.text(base62, 22)}.${source.text(base62, 43)}`;
    return { secret: `S${'G'}.${core}`, core };
  },
  jwt: (source) => {
    const core = base64url(JSON.stringify({ sub: source.text(base62, 24) }));
    return { secret: `${base64url('{"alg":"HS256","typ":"JWT"}')}.${core}.${source.text(base62, 43)}`, core };
  },
  private_key: (source) => {
    const core = source.text(base62, 64);
    const label = `${'PRIVATE'} KEY`;
    return { secret: `-----BEGIN ${label}-----\n${source.text(base62, 64)}\n${core}\n-----END ${label}-----`, core };
  },
  bearer: (source) => {
    const core = source.text(base62, 40);
    return { secret: `Bearer ${core}`, core };
  },
  url_credentials: (source) => {
    const core = source.text(base62, 20);
    return { secret: `https://admin:${core}@db.example.com/x`, core };
  },
  named: (source) => {
    const core = `${source.text(base62, 11)}7${source.text(base62, 10)}`;
    return { secret: `password=${core}`, core };
  },
};

export const formNames = Object.keys(forms);

/** What may stand as the value of a member of `tracestate`. */
const plain = /^[\w@.:+-]+$/;
const plainForms = ['email', 'openai', 'github', 'ipv4', 'slack'];

/** Makes canaries: another form each time, none twice. */
export class Mint {
  readonly canaries: Canary[] = [];
  readonly #source: Source;
  #next: number;

  constructor(name: string) {
    this.#source = new Source(name);
    this.#next = this.#source.below(formNames.length);
  }

  /** `without`: a form that has another meaning where it is to stand. */
  draw(without?: string): string {
    const form = formNames[this.#next++ % formNames.length] as string;
    return form === without ? this.draw() : this.#make(form);
  }

  /** One without spaces, quotes, commas and the like. */
  drawPlain(): string {
    const secret = this.#make(plainForms[this.#next++ % plainForms.length] as string);
    if (!plain.test(secret)) throw new Error('not plain');
    return secret;
  }

  #make(form: string): string {
    const canary = { form, ...(forms[form] as Form)(this.#source) };
    this.canaries.push(canary);
    return canary.secret;
  }
}
