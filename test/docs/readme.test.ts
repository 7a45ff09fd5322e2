import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/load-config';
import { TEST_SECRET } from '../support/test-config';

test('the configuration that README.md shows is valid, and lets webhooks reach its local receiver', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../../README.md'), 'utf8')) ?? [];
  const { endpoints, network } = parseConfig(yaml, { env: { ORDERS_WEBHOOK_SECRET: TEST_SECRET }, cwd: __dirname });
  expect(endpoints.map(({ name }) => name)).toEqual(['orders', 'local']);
  expect(network.allow).toEqual(['127.0.0.0/8']);
});
