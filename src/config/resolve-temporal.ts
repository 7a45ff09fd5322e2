import type { CodecSection, CodecServerSection, DeploymentSection, TemporalSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { CodecServerConfig, TemporalConfig } from './config';
import { DEFAULTS } from './defaults';
import type { ResolvePath } from './resolve-config';

export function resolveTemporal(section: TemporalSection, resolvePath: ResolvePath): TemporalConfig {
  const address = section.address ?? DEFAULTS.temporal.address;
  return {
    address,
    namespace: section.namespace ?? DEFAULTS.temporal.namespace,
    retentionMs: section.retention === undefined ? DEFAULTS.temporal.retentionMs : parseDuration(section.retention),
    taskQueue: section.task_queue ?? DEFAULTS.temporal.taskQueue,
    apiKey: section.api_key ?? '',
    tls: resolveTls(section, resolvePath),
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

function resolveTls({ tls = {}, api_key }: TemporalSection, resolvePath: ResolvePath): TemporalConfig['tls'] {
  if (typeof tls === 'boolean') return tls ? {} : false;
  const details = {
    ...(tls.server_name && { serverName: tls.server_name }),
    ...(tls.ca && { ca: resolvePath(tls.ca) }),
    ...(tls.cert && { cert: resolvePath(tls.cert) }),
    ...(tls.key && { key: resolvePath(tls.key) }),
  };
  return Object.keys(details).length > 0 || api_key ? details : false;
}

/** The dev server's Web UI listens 1000 above its frontend. */
function webUiOf(address: string): string {
  const colon = address.lastIndexOf(':');
  const port = Number(address.slice(colon + 1)) + 1000;
  return port <= 65535 ? `http://${address.slice(0, colon)}:${port}` : `http://${address.slice(0, colon)}:8233`;
}
