import type { ConfigSection } from '../../system';
import { checkHttp } from './check';
import type { HttpConfig } from './http-config';
import { resolveHttp } from './resolve';

export type { HttpConfig } from './http-config';

export const httpConfig: ConfigSection<'http', HttpConfig> = {
  resolve: resolveHttp,
  check: checkHttp,
  secretsOf: (services) => services.flatMap(({ headers }) => headers['authorization'] ?? []),
  isUsed: (services) => services.length > 0,
};
