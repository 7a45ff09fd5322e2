import { readFile, stat } from 'node:fs/promises';
import type { WebhookEndpoint } from '../../config/config';
import { ConfigurationFault } from './configuration-fault';

export interface ClientCertificate {
  /** PEM. */
  readonly cert: Buffer;
  /** PEM. */
  readonly key: Buffer;
  /** Changes with the files, so that a renewed certificate is used without a restart. */
  readonly version: string;
}

/** Reads an endpoint's certificate for mutual TLS, or returns undefined where it has none. */
export type LoadClientCertificate = (
  files: WebhookEndpoint['clientCertificate'],
) => Promise<ClientCertificate | undefined>;

/**
 * Keeps what it has read for as long as the files do not change.
 * The loader throws {@link ConfigurationFault} where a file cannot be read.
 */
export function createCertificateLoader(): LoadClientCertificate {
  const loaded = new Map<string, ClientCertificate>();
  return async (files) => {
    if (files.cert === '') return undefined;
    try {
      return await load(files);
    } catch (cause) {
      throw new ConfigurationFault(`client_certificate cannot be read: ${(cause as Error).message}`, { cause });
    }
  };

  async function load(files: WebhookEndpoint['clientCertificate']): Promise<ClientCertificate> {
    const version = (await Promise.all([versionOf(files.cert), versionOf(files.key)])).join(' ');
    const name = JSON.stringify(files);
    const known = loaded.get(name);
    if (known?.version === version) return known;
    const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)]);
    const certificate = { cert, key, version };
    loaded.set(name, certificate);
    return certificate;
  }
}

async function versionOf(file: string): Promise<string> {
  const { mtimeMs, ino, size } = await stat(file);
  return `${mtimeMs}-${ino}-${size}`;
}
