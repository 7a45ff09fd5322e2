import { readFile } from 'node:fs/promises';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow';
import type { TemporalConfig } from '../config/config';

export interface CommonConnectionOptions {
  readonly address: string;
  readonly tls: TLSConfig | boolean;
  readonly apiKey?: string;
}

/**
 * What both kinds of connection take. Apart from connection.ts so that a program which is only a client loads nothing
 * of the worker.
 * @throws an error that names the TLS file that cannot be read
 */
export async function connectionOptions(temporal: TemporalConfig): Promise<CommonConnectionOptions> {
  const { address, apiKey, tls } = temporal;
  if (apiKey === '') return { address, tls: tls === false ? false : await tlsConfig(tls) };
  // An API key is a secret: it never goes over plaintext, whatever `tls` says.
  return { address, apiKey, tls: tls === false ? true : await tlsConfig(tls) };
}

async function tlsConfig(tls: Exclude<TemporalConfig['tls'], false>): Promise<TLSConfig> {
  const ca = await pem('ca', tls.ca);
  const crt = await pem('cert', tls.cert);
  const key = await pem('key', tls.key);
  if ((crt === undefined) !== (key === undefined)) {
    throw new Error('/temporal/tls: a client certificate needs both cert and key');
  }
  return {
    ...(tls.serverName ? { serverNameOverride: tls.serverName } : {}),
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
  };
}

async function pem(member: string, file: string | undefined): Promise<Buffer | undefined> {
  if (!file) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`/temporal/tls/${member}: ${(error as Error).message}`, { cause: error });
  }
}
