import type { DestinationStream } from 'pino';
import type { Config, EndpointConfig } from '../config/config';
import { passwordsIn } from '../config/passwords-in';
import { SYSTEMS } from '../providers/registry';

/** Shorter values would black out ordinary words; no usable token or key is as short. */
const MIN_LENGTH = 8;
const CENSOR = '[secret]';

/** Every value of the configuration that nobody may read in a log. */
export function secretsOf({
  temporal,
  gateway,
  secrets,
  credentials,
  endpoints,
  providers,
}: Config): readonly string[] {
  return [
    temporal.apiKey,
    ...gateway.tokens.map(({ token }) => token),
    ...Object.values(secrets).flat(),
    ...endpoints.flatMap(secretsOfEndpoint),
    ...Object.values(credentials),
    ...SYSTEMS.flatMap(({ name, config }) => config.secretsOf?.(providers[name]) ?? []),
  ];
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
 * Blacks out secrets by their value. Names of members would not do: a secret may stand in an error message of a
 * library, in a URL, or in metadata that nobody thought of.
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
