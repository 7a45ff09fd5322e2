import { readFile, stat } from 'node:fs/promises';
import type { Config, WebhookEndpoint } from '../../config/config';
import { type SigningKey, signingKey } from './sign';

/** An attempt needs something that the configuration lacks or has wrong. The message names it and what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The keys that an endpoint's requests are signed with. */
export interface KeyRing {
  /**
   * @param secret name under `secrets`
   * @throws {ConfigurationError} if no such secret is configured
   * @throws {SecretKeyError} if it is not a key
   */
  keysOf(secret: string): readonly SigningKey[];
}

/** Parses each key once: that costs more than signing. */
export function createKeyRing(secrets: Config['secrets']): KeyRing {
  const parsed = new Map<string, SigningKey>();
  const parse = (text: string) => {
    const key = parsed.get(text) ?? signingKey(text);
    parsed.set(text, key);
    return key;
  };
  return {
    keysOf(secret) {
      const texts = Object.hasOwn(secrets, secret) ? secrets[secret] : undefined;
      if (texts === undefined) {
        throw new ConfigurationError(`the secret ${secret} is not configured; add it under secrets`);
      }
      return texts.map(parse);
    },
  };
}

/** For mutual TLS. */
export interface ClientCertificate {
  /** PEM. */
  readonly cert: Buffer;
  /** PEM. */
  readonly key: Buffer;
  /** Changes with the files, so that a renewed certificate needs no restart. */
  readonly version: string;
}

/** Reads an endpoint's certificate; undefined if it has none. */
export type LoadClientCertificate = (
  files: WebhookEndpoint['clientCertificate'],
) => Promise<ClientCertificate | undefined>;

/**
 * Caches each certificate until its files change.
 * The loader throws {@link ConfigurationError} if a file cannot be read.
 */
export function createCertificateLoader(): LoadClientCertificate {
  const loaded = new Map<string, ClientCertificate>();
  return async (files) => {
    if (files.cert === '') return undefined;
    try {
      return await load(files);
    } catch (cause) {
      throw new ConfigurationError(`client_certificate cannot be read: ${(cause as Error).message}`, { cause });
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
