/** Certificates of a test, made by openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate signed by it. Without `days` it is valid for two days; with less than 0 it has expired. */
  sign(name: string, options?: { readonly days?: number; readonly rsa?: boolean }): Certificate;
}

export class Certificates {
  readonly #directory = mkdtempSync(join(tmpdir(), 'spanway-tls-'));
  #count = 0;

  path(name: string): string {
    return join(this.#directory, name);
  }

  authority(name: string): Authority {
    const { cert, key } = this.#files();
    openssl('req', '-x509', ...newKey(false), '-keyout', key, '-out', cert, '-subj', `/CN=${name}`, '-days', '2');
    return { ...read(cert, key), sign: (subject, options = {}) => this.#sign({ cert, key }, subject, options) };
  }

  /** Replaces the file as a whole, as certificate managers do. */
  put(name: string, text: string): string {
    const path = this.path(name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    return path;
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #sign(by: Certificate, name: string, { days = 2, rsa = false }: { days?: number; rsa?: boolean }): Certificate {
    const { cert, key } = this.#files();
    const request = `${cert}.csr`;
    const extensions = `${cert}.ext`;
    writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1,DNS:gateway.test\n');
    openssl('req', ...newKey(rsa), '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    const serial = ['-set_serial', `${this.#count}`];
    openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      by.cert,
      '-CAkey',
      by.key,
      ...serial,
      '-out',
      cert,
      '-extfile',
      extensions,
      '-days',
      `${days}`,
    );
    return read(cert, key);
  }

  #files(): Certificate {
    this.#count += 1;
    return { cert: this.path(`${this.#count}.crt`), key: this.path(`${this.#count}.key`) };
  }
}

function newKey(rsa: boolean): string[] {
  return rsa ? ['-newkey', 'rsa:2048', '-nodes'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
}

function openssl(...parameters: string[]): void {
  execFileSync('openssl', parameters, { stdio: 'pipe' });
}

function read(cert: string, key: string): Certificate {
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
