import type { VertexAiConfig } from '../../config/config';

/** Where a service of one location is. */
export interface ServiceAddress {
  readonly host: string;
  readonly port: number;
}

const HTTPS = 443;

/**
 * The regional endpoint of a location, or the configured override for all of them. The location `global` is at the
 * endpoint without a region (https://cloud.google.com/vertex-ai/docs/reference/rest#service-endpoint).
 */
export function serviceAddress({ apiEndpoint }: Pick<VertexAiConfig, 'apiEndpoint'>, location: string): ServiceAddress {
  if (!apiEndpoint) {
    return { host: `${location === 'global' ? '' : `${location}-`}aiplatform.googleapis.com`, port: HTTPS };
  }
  const [, host = apiEndpoint, port] = /^(.*?)(?::(\d+))?$/.exec(apiEndpoint) ?? [];
  return { host, port: port ? Number(port) : HTTPS };
}
