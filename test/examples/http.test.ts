import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/load-config';
import { isTerminal } from '../../src/domain/job-state';
import { createProviders } from '../../src/providers/registry';
import { EXAMPLES, exampleConfig } from '../providers/http/an-example';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('every configuration of examples/http is tested here, and is in its README', () => {
  const files = readdirSync(join(ROOT, 'examples/http')).filter((name) => name.endsWith('.yaml'));
  expect(files.sort()).toEqual(EXAMPLES.map((name) => `${name}.yaml`).sort());
  for (const file of files) expect(read('examples/http/README.md')).toContain(`[${file}](${file})`);
});

describe.each(EXAMPLES)('%s.yaml', (name) => {
  const config = exampleConfig(name);

  it('is a sound configuration, and makes a provider of each service', async () => {
    const names = config.providers.http.map((service) => service.name);
    const providers = createProviders(config, { warn: () => undefined });
    expect([...providers.keys()]).toEqual(expect.arrayContaining(names));
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  });

  it('maps words to success, failure and cancellation, takes webhooks and cancels', () => {
    for (const { state, webhook, cancel } of config.providers.http) {
      const ends = new Set(Object.values(state.map).filter(isTerminal));
      expect([...ends]).toEqual(expect.arrayContaining(['CANCELED', 'COMPLETED', 'FAILED']));
      expect(webhook?.keys).toHaveLength(1);
      expect(cancel?.url).toContain('{job}');
    }
  });

  it('has no key of an API in it', () => {
    expect(read(`examples/http/${name}.yaml`)).not.toMatch(/(sk-|r8_|AIza|whsec_|whsk_)[A-Za-z0-9]/);
  });
});

test('the first example of docs/http-provider.md is a sound configuration', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/http-provider.md')) ?? [];
  const { providers } = parseConfig(yaml, { env: { OPENAI_API_KEY: 'sk-of-nobody' }, cwd: ROOT });
  expect(providers.http[0]).toMatchObject({ name: 'openai', headers: { authorization: 'Bearer sk-of-nobody' } });
});

test('the rules that docs/http-provider.md shows are those of openai.yaml', () => {
  const [, rules = ''] = /```yaml\nrules:\n([\s\S]*?)```/.exec(read('docs/http-provider.md')) ?? [];
  const lines = rules
    .trim()
    .split('\n')
    .map((line) => line.trim());
  expect(lines).toHaveLength(exampleConfig('openai').providers.http[0]?.state.rules.length ?? 0);
  for (const line of lines) expect(read('examples/http/openai.yaml')).toContain(line);
});
