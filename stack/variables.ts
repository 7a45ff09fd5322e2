import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../src/dev/temporal-server/cli-cache';

const MADE: Readonly<Record<string, () => string>> = {
  POSTGRES_PASSWORD: () => randomBytes(32).toString('hex'),
  JOBHERALD_TOKEN: () => randomBytes(32).toString('hex'),
  ORDERS_WEBHOOK_SECRET: () => `whsec_${randomBytes(32).toString('base64')}`,
};

/**
 * The environment with every variable that docker-compose.yml demands: as given or, where it is not, as made once and
 * kept in `.env` of the directory, which the data in it depends on. `docker compose --env-file` reads the same form.
 */
export function withVariables(env: Environment, directory: string): Environment {
  const file = join(directory, '.env');
  const kept: Environment = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const made = Object.fromEntries(
    Object.entries(MADE).map(([name, make]) => [name, env[name] || kept[name] || make()]),
  );
  mkdirSync(directory, { recursive: true });
  const lines = Object.entries(made).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  return { ...env, ...made };
}
