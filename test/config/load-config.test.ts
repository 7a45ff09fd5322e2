import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../src/config/config-error';
import { loadConfig } from '../../src/config/load-config';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'jobherald-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

const write = (name: string, port: number) => writeFileSync(join(cwd, name), `gateway: { port: ${port} }`);

describe('loadConfig', () => {
  it('listens on loopback without tokens and notifies nobody without a file', () => {
    expect(loadConfig({ env: {}, cwd })).toMatchObject({
      temporal: { address: '127.0.0.1:7233', namespace: 'default', retentionMs: 2_592_000_000, tls: false },
      worker: { host: '127.0.0.1', port: 8081, maxCachedWorkflows: 100 },
      gateway: { host: '127.0.0.1', port: 8080, tokens: [] },
      endpoints: [],
    });
  });

  it('prefers the named file to JOBHERALD_CONFIG, and that to jobherald.yaml', () => {
    write('named.yaml', 1);
    write('from-environment.yaml', 2);
    write('jobherald.yaml', 3);
    const env = { JOBHERALD_CONFIG: 'from-environment.yaml' };
    expect(loadConfig({ file: 'named.yaml', env, cwd }).gateway.port).toBe(1);
    expect(loadConfig({ env, cwd }).gateway.port).toBe(2);
    expect(loadConfig({ env: {}, cwd }).gateway.port).toBe(3);
  });

  it('takes an empty JOBHERALD_CONFIG for none', () => {
    expect(loadConfig({ env: { JOBHERALD_CONFIG: '' }, cwd }).gateway.port).toBe(8080);
  });

  it.each([{ file: 'absent.yaml', env: {} }, { env: { JOBHERALD_CONFIG: 'absent.yaml' } }])(
    'refuses a named file that is not there: %j',
    (options) => {
      expect(() => loadConfig({ ...options, cwd })).toThrow(ConfigError);
      expect(() => loadConfig({ ...options, cwd })).toThrow(/^\/: cannot read the configuration file .*absent\.yaml/);
    },
  );

  it('reads an empty file as the defaults', () => {
    writeFileSync(join(cwd, 'jobherald.yaml'), '# nothing yet\n');
    expect(loadConfig({ env: {}, cwd })).toEqual(
      loadConfig({ env: {}, cwd: tmpdir(), file: join(cwd, 'jobherald.yaml') }),
    );
  });

  it('freezes the configuration to its last member', () => {
    writeFileSync(join(cwd, 'jobherald.yaml'), 'endpoints: [{ name: a, url: "https://a.example" }]');
    const config = loadConfig({ env: {}, cwd });
    const retry = config.endpoints[0]?.retry as { firstMs: number };
    expect(() => {
      retry.firstMs = 1;
    }).toThrow(TypeError);
    expect(Object.isFrozen(config.providers['vertex-ai'].pubsub.push)).toBe(true);
  });

  it('reports every fault at once, one line for each, the same place once', () => {
    writeFileSync(
      join(cwd, 'jobherald.yaml'),
      `
gateway: { host: 0.0.0.0, prot: 1 }
secrets: { orders: ["\${UNSET}", nonsense] }
endpoints: [{ name: orders, secret: oders }, { name: orders, url: "ftp://a" }]
`,
    );
    expect(() => loadConfig({ env: {}, cwd })).toThrow(
      new ConfigError([
        { pointer: '/endpoints/0/secret', text: 'no secret is named "oders"; did you mean "orders"?' },
        { pointer: '/endpoints/0/url', text: 'is required' },
        { pointer: '/endpoints/1/name', text: '"orders" is the name of /endpoints/0 already; give each its own' },
        { pointer: '/endpoints/1/url', text: 'must begin with https:// or http://, not ftp:' },
        { pointer: '/gateway/prot', text: 'unknown key; did you mean "port"?' },
        {
          pointer: '/gateway/tokens',
          text: 'is required, because the gateway listens on 0.0.0.0, which is not loopback; give at least one {name, token}',
        },
        {
          pointer: '/secrets/orders/0',
          text: `the environment variable UNSET is not set; set it, or give a default: \${UNSET:-…}`,
        },
        {
          pointer: '/secrets/orders/1',
          text: 'must begin with whsec_ (HMAC-SHA256) or whsk_ (ed25519), followed by base64',
        },
      ]),
    );
  });

  it('keeps a fault on its line, whatever a key or the name of the file holds', () => {
    writeFileSync(join(cwd, 'jobherald.yaml'), '"a\\nb\\u001b[2J": 1');
    expect(() => loadConfig({ env: {}, cwd })).toThrow(/^\/a\\u000ab\\u001b\[2J: unknown key[^\n]*$/);
    expect(() => loadConfig({ file: 'no\nsuch', env: {}, cwd })).toThrow(/no\\u000asuch \(ENOENT\)/);
  });
});
