const PUBLIC_ORIGIN = 'https://batch.tencentcloudapi.com';

/**
 * Where the API is: the public address, or the configured one, a host (`batch.intl.tencentcloudapi.com`, a VPC's
 * `batch.internal.tencentcloudapi.com`) or a whole origin (`http://127.0.0.1:9000`).
 * @throws {TypeError} for what is neither; the configuration's check comes first
 */
export function apiAddress(endpoint: string): URL {
  if (endpoint === '') return new URL(PUBLIC_ORIGIN);
  return new URL(/^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`);
}
