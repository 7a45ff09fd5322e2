import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEM_STATUS } from '../../src/gateway/problems/problem';
import { closeGateways, startGateway } from './harness';

const docs = (name: string) => readFileSync(join(__dirname, '../../docs', name), 'utf8');

test('docs/errors.md explains every code under a heading of its own, with its status', () => {
  const headings = [...docs('errors.md').matchAll(/^## (\w+) \((\d+)\)$/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  expect(Object.fromEntries(headings)).toEqual(PROBLEM_STATUS);
});

test('docs/http-api.md has every route and no other', async () => {
  const { gateway } = await startGateway({ callbackToken: 'a-secret-path' });
  await closeGateways();
  const documented = [...docs('http-api.md').matchAll(/^#{2,3} `(GET|POST) (\S+)`/gm)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  const routes = gateway.routes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(documented.sort()).toEqual(routes.sort());
});
