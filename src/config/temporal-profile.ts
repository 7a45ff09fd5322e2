import type { ClientConfigProfile, ConfigDataSource } from '@temporalio/envconfig';
import type { TemporalSection } from '../../schemas/types';
import { checkHostPort } from './checks/check-host-port';
import type { Certificate } from './config';
import { DEFAULTS } from './defaults';
import type { Environment } from './expand-environment';
import { type Fault, isWithin } from './fault';

/** What a profile of Temporal's environment configuration says. What is undefined it leaves open. */
export interface TemporalProfile {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly apiKey?: string | undefined;
  /** gRPC metadata of every call. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** False: switched off. */
  readonly tls?: false | ProfileTls | undefined;
}

export interface ProfileTls {
  readonly serverName?: string | undefined;
  readonly ca?: Certificate | undefined;
  readonly cert?: Certificate | undefined;
  readonly key?: Certificate | undefined;
}

const NO_PROFILE: TemporalProfile = {};

/**
 * Reads a profile as Temporal's own tools do: from the TOML file that `TEMPORAL_CONFIG_FILE` names, else
 * `temporalio/temporal.toml` in the user's configuration folder; variables `TEMPORAL_…` go before it.
 * https://docs.temporal.io/develop/environment-configuration
 * @param name '' or undefined: none, and no such variable is read either
 */
export function readTemporalProfile(
  name: string | undefined,
  env: Environment,
): { readonly profile: TemporalProfile; readonly faults: readonly Fault[] } {
  if (!name) return { profile: NO_PROFILE, faults: [] };
  try {
    const { loadClientConfigProfile } = require('@temporalio/envconfig') as typeof import('@temporalio/envconfig');
    const loaded = loadClientConfigProfile({ profile: name, overrideEnvVars: withoutEmpty(env) });
    const faults = faultsOf(loaded).map((text) => ({ pointer: POINTER, text: `${name}: ${text}` }));
    return faults.length > 0 ? { profile: NO_PROFILE, faults } : { profile: profileOf(loaded), faults };
  } catch (error) {
    return { profile: NO_PROFILE, faults: [{ pointer: POINTER, text: reasonOf(error, name) }] };
  }
}

const POINTER = '/temporal/profile';
const METADATA = 'TEMPORAL_GRPC_META_';

/** An empty variable counts as unset, as everywhere in the configuration; one for metadata takes its key away. */
function withoutEmpty(env: Environment): Record<string, string> {
  const isSet = ([name, value]: [string, string | undefined]) => Boolean(value) || name.startsWith(METADATA);
  return Object.fromEntries(Object.entries(env).filter(isSet)) as Record<string, string>;
}

/** TOML knows more than texts, and the reader does not look. */
function faultsOf({ address, namespace, apiKey, grpcMeta = {} }: ClientConfigProfile): readonly string[] {
  const texts = { address, namespace, api_key: apiKey, ...grpcMeta };
  const typed = Object.entries(texts).filter(([, value]) => value !== undefined && typeof value !== 'string');
  if (typed.length > 0) return typed.map(([member]) => `${member} must be a text`);
  return checkHostPort(POINTER, address ?? DEFAULTS.temporal.address).map(({ text }) => `address ${text}`);
}

function profileOf({ address, namespace, apiKey, grpcMeta, tls }: ClientConfigProfile): TemporalProfile {
  const base = { address, namespace, apiKey, metadata: grpcMeta };
  if (tls === undefined) return base;
  if (tls.disabled === true) return { ...base, tls: false };
  const { serverName, serverCACert: ca, clientCert: cert, clientKey: key } = tls;
  return { ...base, tls: { serverName, ca: certificateOf(ca), cert: certificateOf(cert), key: certificateOf(key) } };
}

function certificateOf(source: ConfigDataSource | undefined): Certificate | undefined {
  if (source === undefined) return undefined;
  return 'path' in source ? source.path : { pem: Buffer.from(source.data).toString() };
}

/** One line. What the parser of TOML says further quotes the file, and with it a key perhaps. */
function reasonOf(error: unknown, name: string): string {
  const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
  if (code === 'MODULE_NOT_FOUND') return 'needs the package @temporalio/envconfig; install it';
  const where = 'the file that TEMPORAL_CONFIG_FILE names, else temporalio/temporal.toml in the configuration folder';
  if (error instanceof TypeError || /^Profile .* not found/.test(message)) return `${name} is not in ${where}`;
  return `${name} cannot be read: ${message.split('\n')[0]}`;
}

/** Faults of what the file does not say are the profile's. */
export function pointToProfile(
  faults: readonly Fault[],
  { profile: name, ...own }: TemporalSection,
  profile: TemporalProfile,
): readonly Fault[] {
  const given = { address: profile.address, namespace: profile.namespace, api_key: profile.apiKey, tls: profile.tls };
  const lent = (Object.keys(given) as (keyof typeof given)[]).filter(
    (member) => given[member] !== undefined && own[member] === undefined,
  );
  return faults.map((fault) => {
    const member = lent.find((each) => isWithin(fault.pointer, `/temporal/${each}`));
    return member
      ? { pointer: POINTER, text: `${name}: ${fault.pointer.slice('/temporal/'.length)} ${fault.text}` }
      : fault;
  });
}
