import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../support/temporary-directory';
import { configOf, faultsOf } from './faults-of';

const PEM = '-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----';
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await temporaryDirectory();
  const file = join(folder.path, 'temporal.toml');
  writeFileSync(
    file,
    `
[profile.default]
address = "default.example.com:7233"

[profile.prod]
address = "prod.example.com:7233"
namespace = "jobs"
api_key = "of-the-profile"
grpc_meta = { team = "batch" }

[profile.mutual]
address = "mutual.example.com:7233"
[profile.mutual.tls]
server_name = "frontend.example.com"
server_ca_cert_path = "${__filename}"
client_cert_data = "${PEM}"
client_key_data = "${PEM}"

[profile.switched]
[profile.switched.tls]

[profile.plain]
api_key = "of-the-profile"
[profile.plain.tls]
disabled = true

[profile.portless]
address = "no port"

[profile.wrong.tls]
client_cert_path = "/no/such/cert.pem"
client_key_path = "${__filename}"

[profile.typed]
address = 7233
`,
  );
  env = { TEMPORAL_CONFIG_FILE: file };
});
afterAll(() => folder.remove());

const temporalOf = (section: string, more: Record<string, string> = {}) =>
  configOf(`temporal: { ${section} }`, { ...env, ...more }).temporal;
const faults = (section: string, more: Record<string, string> = {}) =>
  faultsOf(`temporal: { ${section} }`, { ...env, ...more });

describe('temporal.profile', () => {
  it('has address, namespace, API key and metadata from the profile; the key switches TLS on', () => {
    expect(temporalOf('profile: prod')).toMatchObject({
      address: 'prod.example.com:7233',
      namespace: 'jobs',
      apiKey: 'of-the-profile',
      metadata: { team: 'batch' },
      tls: {},
      ui: 'http://prod.example.com:8233',
    });
  });

  it('has certificates from files and from texts', () => {
    const pem = PEM.replaceAll('\\n', '\n');
    expect(temporalOf('profile: mutual').tls).toEqual({
      serverName: 'frontend.example.com',
      ca: __filename,
      cert: { pem },
      key: { pem },
    });
    expect(temporalOf('profile: switched').tls).toEqual({});
  });

  it('goes behind the file, member by member, and the details of tls one by one', () => {
    expect(temporalOf('profile: prod, address: "own:1", namespace: own, api_key: of-the-file')).toMatchObject({
      address: 'own:1',
      namespace: 'own',
      apiKey: 'of-the-file',
      metadata: { team: 'batch' },
    });
    expect(temporalOf('profile: prod, api_key: ""')).toMatchObject({ apiKey: '', tls: false });
    expect(temporalOf('profile: mutual, tls: false').tls).toBe(false);
    const cert = { pem: PEM.replaceAll('\\n', '\n') };
    expect(temporalOf('profile: mutual, tls: true').tls).toMatchObject({ serverName: 'frontend.example.com', cert });
    expect(temporalOf('profile: mutual, tls: { server_name: own.example.com }').tls).toMatchObject({
      serverName: 'own.example.com',
      ca: __filename,
      cert,
    });
    expect(temporalOf('profile: plain, api_key: "", tls: true').tls).toEqual({});
  });

  it('goes behind variables of Temporal’s, unless they are empty', () => {
    const variables = { TEMPORAL_ADDRESS: 'env:2', TEMPORAL_NAMESPACE: '', TEMPORAL_API_KEY: 'of-the-environment' };
    expect(temporalOf('profile: prod', variables)).toMatchObject({
      address: 'env:2',
      namespace: 'jobs',
      apiKey: 'of-the-environment',
    });
    expect(temporalOf('profile: prod, address: "own:1"', variables).address).toBe('own:1');
    expect(temporalOf('profile: prod', { TEMPORAL_GRPC_META_TEAM: '' }).metadata).toEqual({});
  });

  it('is not read, nor is any such variable, where the file names none', () => {
    const variables = { TEMPORAL_ADDRESS: 'env:2', TEMPORAL_PROFILE: 'prod', TEMPORAL_API_KEY: 'k' };
    const plain = { address: '127.0.0.1:7233', namespace: 'default', apiKey: '', tls: false };
    expect(temporalOf('', variables)).toMatchObject(plain);
    expect(temporalOf('profile: ""', variables)).toMatchObject(plain);
    expect(temporalOf(`profile: "\${TEMPORAL_PROFILE:-}"`, variables).namespace).toBe('jobs');
  });

  it('is a fault where it is not found or cannot be read, and quotes no key', () => {
    expect(faults('profile: nobody')).toEqual({
      '/temporal/profile': expect.stringMatching(/^nobody is not in the file/),
    });
    expect(faultsOf('temporal: { profile: prod }', {})).toEqual({
      '/temporal/profile': expect.stringMatching(/^prod is not in the file that TEMPORAL_CONFIG_FILE names/),
    });
    const broken = join(folder.path, 'broken.toml');
    writeFileSync(broken, '[profile.prod]\napi_key = "of-the-profile\n');
    const text = faults('profile: prod', { TEMPORAL_CONFIG_FILE: broken })['/temporal/profile'];
    expect(text).toMatch(/^prod cannot be read: Invalid TOML document/);
    expect(text).not.toContain('of-the-profile');
    writeFileSync(broken, 'address = "x:1"');
    expect(faults('profile: prod', { TEMPORAL_CONFIG_FILE: broken })).toEqual({
      '/temporal/profile': expect.stringMatching(/^prod is not in the file/),
    });
  });

  it('has what is wrong in it reported at the profile, and what the file says itself at its place', () => {
    expect(faults('profile: plain')).toEqual({
      '/temporal/profile': 'plain: tls an API key must not travel in plaintext; leave tls out, or set it to true',
    });
    expect(faults('profile: wrong')).toEqual({
      '/temporal/profile': expect.stringMatching(/^wrong: tls\/cert .*\/no\/such\/cert.pem/),
    });
    expect(faults('profile: wrong, tls: { cert: /no/such/own.pem }')).toEqual({
      '/temporal/tls/cert': expect.stringMatching(/own.pem/),
    });
    expect(faults('profile: portless')).toEqual({
      '/temporal/profile': expect.stringMatching(/^portless: address .*port/),
    });
    expect(faults('profile: typed')).toEqual({ '/temporal/profile': 'typed: address must be a text' });
  });
});
