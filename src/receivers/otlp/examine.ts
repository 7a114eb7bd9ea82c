/** Whether the addresses that a receiver would listen on are to be had. */
import { createServer } from 'node:net';
import { hostAndPort } from '../../config/fields.ts';
import { type Finding, ok, problem, warning } from '../../model/finding.ts';

const usual: Readonly<Record<string, number>> = { grpc: 4317, http: 4318 };
const local = new Set(['localhost', '127.0.0.1', '::1']);

export async function examineAddress(protocol: 'grpc' | 'http', endpoint: string, tls: boolean): Promise<readonly Finding[]> {
  const { host, port } = hostAndPort(endpoint);
  const subject = `${protocol} on ${endpoint}`;
  const findings = [bindFinding(subject, endpoint, await bindFailure(host, port))];
  const other = protocol === 'grpc' ? 'http' : 'grpc';
  if (port === usual[other])
    findings.push(
      warning(
        subject,
        `${port} is the usual port of ${other}`,
        `applications that use it for ${other} will fail: use ${usual[protocol]} for ${protocol}`,
      ),
    );
  if (!tls && !local.has(host))
    findings.push(
      warning(
        subject,
        'others than this machine may send here, and in clear text',
        'set tls and auth, or see to it that only a trusted network comes here',
      ),
    );
  return findings;
}

function bindFinding(subject: string, endpoint: string, code: string | undefined): Finding {
  switch (code) {
    case undefined:
      return ok(subject, 'the address is free');
    case 'EADDRINUSE':
      return warning(subject, 'another process listens there', 'fine if that is Spanway; otherwise stop it, or configure another endpoint');
    case 'EACCES':
      return problem(subject, 'this user may not listen there', 'use a port from 1024 on, or give the program CAP_NET_BIND_SERVICE');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return problem(subject, `${endpoint} is no address of this machine`, 'use localhost, 0.0.0.0, or an address that the machine has');
    default:
      return problem(subject, `cannot listen there (${code})`, 'configure another endpoint');
  }
}

function bindFailure(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
