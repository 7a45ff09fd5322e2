import type { CodecSection, CodecServerSection, DeploymentSection, TemporalSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import { withoutUndefined } from '../domain/without-undefined';
import type { Certificate, CodecServerConfig, TemporalConfig } from './config';
import { DEFAULTS } from './defaults';
import type { ResolvePath } from './resolve-config';
import type { TemporalProfile } from './temporal-profile';

/** What the file says goes before what the profile says, member by member. */
export function resolveTemporal(
  section: TemporalSection,
  resolvePath: ResolvePath,
  profile: TemporalProfile,
): TemporalConfig {
  const address = section.address ?? profile.address ?? DEFAULTS.temporal.address;
  const apiKey = section.api_key ?? profile.apiKey ?? '';
  return {
    address,
    namespace: section.namespace ?? profile.namespace ?? DEFAULTS.temporal.namespace,
    retentionMs: section.retention === undefined ? DEFAULTS.temporal.retentionMs : parseDuration(section.retention),
    taskQueue: section.task_queue ?? DEFAULTS.temporal.taskQueue,
    apiKey,
    tls: resolveTls({ tls: section.tls, apiKey, profile: profile.tls }, resolvePath),
    metadata: profile.metadata ?? {},
    ui: (section.ui ?? webUiOf(address)).replace(/\/+$/, ''),
    deployment: resolveDeployment(section.deployment),
    codec: resolveCodec(section.codec),
  };
}

function resolveDeployment(section: Partial<DeploymentSection> | undefined): TemporalConfig['deployment'] {
  if (section === undefined) return undefined;
  const { name = '', build_id = '', behavior = 'auto_upgrade' } = section;
  return { name, buildId: build_id, behavior };
}

function resolveCodec(section: Partial<CodecSection> | undefined): TemporalConfig['codec'] {
  if (section === undefined) return undefined;
  const keys = (section.keys ?? []).map((entry) => ({ id: entry?.id ?? '', key: entry?.key ?? '' }));
  return { keys, encrypt: section.encrypt ?? true };
}

/** For the pages of the Web UI, if nobody says otherwise. */
export function resolveCodecServer(section: CodecServerSection, ui: string): CodecServerConfig {
  const { host, port } = DEFAULTS.codecServer;
  return {
    host: section.host ?? host,
    port: section.port ?? port,
    token: section.token ?? '',
    origins: section.origins?.map((origin) => origin ?? '') ?? (URL.canParse(ui) ? [new URL(ui).origin] : []),
  };
}

function resolveTls(
  {
    tls,
    apiKey,
    profile,
  }: {
    readonly tls: TemporalSection['tls'] | undefined;
    readonly apiKey: string;
    readonly profile: TemporalProfile['tls'];
  },
  resolvePath: ResolvePath,
): TemporalConfig['tls'] {
  if (tls === false) return false;
  const own = typeof tls === 'object' ? tls : {};
  const lent = profile || {};
  const serverName = own.server_name || lent.serverName;
  const certificate = (given: string | undefined, other: Certificate | undefined) =>
    given ? resolvePath(given) : typeof other === 'string' ? resolvePath(other) : other;
  const details = withoutUndefined({
    serverName,
    ca: certificate(own.ca, lent.ca),
    cert: certificate(own.cert, lent.cert),
    key: certificate(own.key, lent.key),
  });
  const isOn = tls === true || Boolean(profile) || apiKey !== '' || Object.keys(details).length > 0;
  return isOn ? details : false;
}

/** The dev server's Web UI listens 1000 above its frontend. */
function webUiOf(address: string): string {
  const colon = address.lastIndexOf(':');
  const port = Number(address.slice(colon + 1)) + 1000;
  return port <= 65535 ? `http://${address.slice(0, colon)}:${port}` : `http://${address.slice(0, colon)}:8233`;
}
