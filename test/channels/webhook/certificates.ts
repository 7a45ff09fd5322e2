import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Files {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM of its own certificate. */
  readonly ca: string;
  /** The same as a file. */
  readonly caFile: string;
  /** Issues a certificate for a name or an IP address, as files. */
  issue(name: string): Files;
  remove(): void;
}

/** A certificate authority for one test file, made with the openssl command. */
export function createAuthority(): Authority {
  const directory = mkdtempSync(join(tmpdir(), 'jobherald-ca-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  return {
    ca: readFileSync(join(directory, 'ca.crt'), 'utf8'),
    caFile: join(directory, 'ca.crt'),
    issue(name) {
      writeFileSync(join(directory, `${name}.ext`), `subjectAltName=${isIP(name) ? 'IP' : 'DNS'}:${name}\n`);
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', `${name}.ext`, ...by);
      return { cert: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}
