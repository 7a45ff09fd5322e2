import { resolve } from 'node:path';
import type { ConfigFile, RateLimit } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import { type ProvidersConfig, SYSTEMS } from '../providers/registry';
import type { ResolvedParts } from '../providers/system';
import { withPrefixLength } from './cidr';
import type { Config } from './config';
import { DEFAULTS } from './defaults';
import { resolveEndpoint } from './resolve-endpoint';
import { resolveCodecServer, resolveTemporal } from './resolve-temporal';
import type { TemporalProfile } from './temporal-profile';

/** The path of a file as configured, made absolute; '' stays '', for none. */
export type ResolvePath = (path: string | undefined) => string;

/**
 * Fills in the defaults. Total: what validation took out of the file is replaced by its default, or by '' where there
 * is none, so that the checks can go on and find the other faults.
 * @param cwd what relative paths of certificate files are relative to
 * @param profile what `temporal.profile` adds to the file
 */
export function resolveConfig(file: ConfigFile, cwd: string, profile: TemporalProfile): Config {
  const resolvePath: ResolvePath = (path) => (path ? resolve(cwd, path) : '');
  const endpoints = (file.endpoints ?? []).map((endpoint) => resolveEndpoint(endpoint ?? {}, resolvePath));
  const secrets = Object.fromEntries(
    Object.entries(file.secrets ?? {}).map(([name, keys]) => [name, keys.map((key) => key ?? '')]),
  );
  const credentials = { ...file.credentials };
  const temporal = resolveTemporal(file.temporal ?? {}, resolvePath, profile);
  return {
    temporal,
    worker: {
      host: file.worker?.host ?? DEFAULTS.worker.host,
      port: file.worker?.port ?? DEFAULTS.worker.port,
      maxCachedWorkflows: file.worker?.max_cached_workflows ?? DEFAULTS.worker.maxCachedWorkflows,
    },
    gateway: {
      host: file.gateway?.host ?? DEFAULTS.gateway.host,
      port: file.gateway?.port ?? DEFAULTS.gateway.port,
      tokens: (file.gateway?.tokens ?? []).map((entry) => ({
        name: entry?.name ?? '',
        token: entry?.token ?? '',
        scopes: entry?.scopes?.filter((scope) => scope !== undefined),
        endpoints: entry?.endpoints?.map((name) => name ?? ''),
      })),
      inlineEndpoints: file.gateway?.inline_endpoints,
      rateLimit: resolveRateLimit(file.gateway?.rate_limit),
    },
    codecServer: resolveCodecServer(file.codec_server ?? {}, temporal.ui),
    secrets,
    credentials,
    network: {
      allow: (file.network?.allow ?? []).map((cidr) => withPrefixLength(cidr ?? '')),
      deny: (file.network?.deny ?? []).map((cidr) => withPrefixLength(cidr ?? '')),
    },
    endpoints,
    operations: { endpoint: file.operations?.endpoint ?? '' },
    providers: resolveProviders(file.providers ?? {}, { endpoints, secrets, credentials }),
  };
}

function resolveRateLimit(section: Partial<RateLimit> | undefined): Config['gateway']['rateLimit'] {
  if (section?.requests === undefined || section.per === undefined) return undefined;
  return { requests: section.requests, perMs: parseDuration(section.per) };
}

function resolveProviders(sections: NonNullable<ConfigFile['providers']>, resolved: ResolvedParts): ProvidersConfig {
  const resolvedSections = SYSTEMS.map(({ name, config }) => [name, config.resolve(sections[name], resolved)]);
  return Object.fromEntries(resolvedSections) as ProvidersConfig;
}
