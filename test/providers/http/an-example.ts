import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../../src/config/config';
import { parseConfig } from '../../../src/config/load-config';
import type { HttpServiceConfig } from '../../../src/providers/http/config/http-config';
import { TEST_SECRET } from '../../support/test-config';

const ROOT = join(__dirname, '../../..');

/** The public key of RFC 8037, appendix A.2, whose private key everybody knows. */
const PUBLIC_KEY = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

const ENV = {
  OPENAI_API_KEY: 'sk-test-openai-key',
  OPENAI_WEBHOOK_SECRET: TEST_SECRET,
  GEMINI_API_KEY: 'test-gemini-key',
  GEMINI_WEBHOOK_SECRET: TEST_SECRET,
  REPLICATE_API_TOKEN: 'r8_test_replicate_token',
  REPLICATE_WEBHOOK_SECRET: TEST_SECRET,
  REPORTS_PUBLIC_KEY: PUBLIC_KEY,
  ORDERS_WEBHOOK_SECRET: TEST_SECRET,
};

export const EXAMPLES = ['openai', 'gemini', 'replicate', 'in-house'] as const;
export type Example = (typeof EXAMPLES)[number];

/** One of examples/http, read as a process would. */
export function exampleConfig(name: Example): Config {
  return parseConfig(readFileSync(join(ROOT, `examples/http/${name}.yaml`), 'utf8'), { env: ENV, cwd: ROOT });
}

/** The first service of an example. */
export function exampleService(name: Example): HttpServiceConfig {
  return exampleConfig(name).providers.http[0] as HttpServiceConfig;
}

/** The service with its requests going to another server. */
export function servedAt(service: HttpServiceConfig, origin: string): HttpServiceConfig {
  const move = (url: string) => (url === '' ? '' : origin + url.replace(/^https?:\/\/[^/]+/, ''));
  return {
    ...service,
    url: move(service.url),
    check: move(service.check),
    list: service.list && { ...service.list, url: move(service.list.url) },
    cancel: service.cancel && { ...service.cancel, url: move(service.cancel.url) },
  };
}

export function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(ROOT, `test/fixtures/http/${name}.json`), 'utf8'));
}
