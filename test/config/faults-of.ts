import type { Config } from '../../src/config/config';
import { ConfigError } from '../../src/config/config-error';
import type { Environment } from '../../src/config/expand-environment';
import { parseConfig } from '../../src/config/load-config';

/** A key that any secret may have. */
export const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export function configOf(yaml: string, env: Environment = {}): Config {
  return parseConfig(yaml, { env, cwd: __dirname });
}

/** The faults of a configuration, pointer to text; empty for a sound one. */
export function faultsOf(yaml: string, env: Environment = {}): Record<string, string> {
  try {
    configOf(yaml, env);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.faults.map(({ pointer, text }) => [pointer, text]));
  }
}
