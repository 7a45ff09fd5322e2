import type { DestinationStream } from 'pino';
import type { Config, EndpointConfig } from '../config/config';
import { passwordsIn } from '../config/passwords-in';
import { SYSTEMS } from '../providers/registry';

/** Shorter values would redact ordinary words; no usable token or key is that short. */
const MIN_LENGTH = 8;
const CENSOR = '[secret]';

/** Every value of the configuration that must not appear in a log. */
export function secretsOf({
  temporal,
  codecServer,
  gateway,
  secrets,
  credentials,
  endpoints,
  providers,
}: Config): readonly string[] {
  return [
    temporal.apiKey,
    ...secretsOfTls(temporal.tls),
    ...Object.values(temporal.metadata ?? {}),
    ...(temporal.codec?.keys ?? []).map(({ key }) => key),
    codecServer.token,
    ...gateway.tokens.map(({ token }) => token),
    ...Object.values(secrets).flat(),
    ...endpoints.flatMap(secretsOfEndpoint),
    ...Object.values(credentials),
    ...SYSTEMS.flatMap(({ name, config }) => config.secretsOf?.(providers[name]) ?? []),
  ];
}

/** A private key that a profile has in it. Each line of it, for a message may quote one. */
function secretsOfTls(tls: Config['temporal']['tls']): readonly string[] {
  const { key = '' } = tls || {};
  return typeof key === 'string' ? [] : key.pem.split('\n').filter((line) => !line.startsWith('-----'));
}

function secretsOfEndpoint(endpoint: EndpointConfig): readonly string[] {
  switch (endpoint.type) {
    case 'webhook':
      return [endpoint.headers['authorization'] ?? ''];
    case 'kafka':
      return [endpoint.sasl?.password ?? ''];
    case 'rabbitmq':
      return passwordsIn(endpoint.url);
  }
}

/**
 * Redacts secrets by their value. Redacting by member name is not enough: a secret may be in an error message of a
 * library, in a URL, or in metadata.
 */
export function withoutSecrets(lines: DestinationStream, secrets: readonly string[]): DestinationStream {
  const values = secrets
    .filter(({ length }) => length >= MIN_LENGTH)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  if (values.length === 0) return lines;
  return {
    write: (line) => lines.write(values.reduce((text, value) => text.replaceAll(value, CENSOR), line)),
  };
}
