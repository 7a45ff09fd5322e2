import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { Config } from '../../src/config/config';
import { ConfigError } from '../../src/config/config-error';
import { loadConfig, parseConfig } from '../../src/config/load-config';
import { EXAMPLES } from '../providers/http/an-example';
import { TEST_SECRET } from '../support/test-config';
import { holds } from './holds';
import { hostileText } from './hostile';
import { mutated } from './mutated';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const ENV = {
  ...Object.fromEntries(
    ['ORDERS_WEBHOOK_SECRET', 'OPENAI_WEBHOOK_SECRET', 'GEMINI_WEBHOOK_SECRET', 'REPLICATE_WEBHOOK_SECRET'].map(
      (name) => [name, TEST_SECRET],
    ),
  ),
  ...{ JOBHERALD_TOKEN: 't', OPENAI_API_KEY: 'o', GEMINI_API_KEY: 'g', REPLICATE_API_TOKEN: 'r', PORT: '8080' },
  REPORTS_PUBLIC_KEY: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
};

/** Between them they have nearly every key there is. */
const FILES = [
  /```yaml\n(.*?)```/s.exec(read('docs/configuration.md'))?.[1] ?? '',
  ...EXAMPLES.map((name) => read(`examples/http/${name}.yaml`)),
  `temporal: { address: "t:7233", api_key: k, tls: { server_name: s, ca: LICENSE, cert: LICENSE, key: LICENSE }, ui: "http://u" }
worker: { host: 0.0.0.0, port: "\${PORT}" }
gateway: { host: "::", port: 0, tokens: [{ name: a, token: b }, { name: c, token: "\${NONE:-d}" }] }
secrets: { orders: [${TEST_SECRET}] }
network: { allow: [10.0.0.0/8, 192.168.0.1], deny: ["fd00::/8"] }
endpoints:
  - name: orders
    url: https://orders.example.com/hooks
    secret: orders
    events: [job.succeeded, job.running]
    headers: { x-team: orders }
    limits: { concurrency: 20, per_second: 0.5 }
    client_certificate: { cert: LICENSE, key: LICENSE }
    timeout: 1.5s
    retry: { first: 200ms, factor: 1, max: 6h, for: 7d }
  - { name: k, type: kafka, brokers: ["a:1", "b:2"], topic: t, tls: true, sasl: { mechanism: PLAIN, username: u, password: p } }
providers:
  vertex-ai:
    api_endpoint: 127.0.0.1:1
    insecure: true
    poll: { first: 100ms, factor: 1, max: 10m, lost_after: 1m }
    track: { auto: true, endpoints: [orders] }
    pubsub: { push: { audience: a, service_accounts: [s@p.iam], jwks_uri: "http://127.0.0.1/k" }, pull: { subscription: projects/p/subscriptions/s } }
  tencent-batch: { region: ap-guangzhou, endpoint: "http://127.0.0.1:9", secret_id: a, secret_key: b, callback_token: 0123456789abcdef }
  spec-001: { kafka: { brokers: ["a:1"], topic: t, group_id: g }, stalled: { grace: 1s, fail_after: 3 }, track: { auto: true, endpoints: [k] } }
`,
];

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

/** Most values as YAML would be written; those nested too deep for its writer as JSON, which is YAML too. */
function asYaml(value: unknown): string {
  try {
    return stringify(value);
  } catch {
    return JSON.stringify(value);
  }
}

/** A configuration that can be used, or faults that are told, each on a line of its own. */
function expectSound(load: () => Config): void {
  try {
    expect(isDeeplyFrozen(load())).toBe(true);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.faults).not.toEqual([]);
    for (const { pointer, text } of error.faults) {
      expect(pointer).toMatch(/^\//);
      expect(text).toMatch(/\S/);
    }
    expect(error.message.split(/[\r\n]/)).toHaveLength(error.faults.length);
  }
}

const sound = (text: string) => expectSound(() => parseConfig(text, { env: ENV, cwd: ROOT }));

describe('a configuration', () => {
  test('is sound in all the files that this begins with', () => {
    for (const file of FILES) parseConfig(file, { env: ENV, cwd: ROOT });
  });

  const structures = fc
    .tuple(fc.oneof(...FILES.map((file) => mutated(parse(file)))), fc.constantFrom(asYaml, JSON.stringify))
    .map(([value, write]) => write(value) ?? '');
  holds('of any structure is taken, or its faults are told', structures, sound);

  const pieces = fc.oneof(
    hostileText,
    fc.constantFrom(
      ...['&a', '*a', '*b', '&a [*a]', '<<: *a', '<<: [*a, *a]', '!!binary "x"', '!!js/function "f"', '!!set {a}'],
      ...['!<tag:x>', '!!int "x"', '? [a, b]\n: c', '? {a: b}\n: c', '---', '...', '--- a', '%YAML 1.1', '%TAG ! x'],
      ...['|', '>-', '|+9', '\n  ', '\n\t', '{', '}', '[', ']', ',', ': ', ' #', '"', "'", '\\', '~', '@', '`'],
      ...['{a: &x {b: *x}}', '[{}, []]: 1', '.inf', '.nan', '0o17', '1_000', '2026-01-01', 'yes', '\ufeff', '\r'],
      ...['', 'PORT', 'a-b', 'PORT:-', 'PORT:-{}'].map((reference) => `\${${reference}}`),
      ...[`\${`, '$${', 'a: {b: {c: {d: 1}}}', '__proto__: {x: 1}'],
    ),
  );
  const texts = fc
    .tuple(
      fc.constantFrom(...FILES, ''),
      fc.array(fc.tuple(fc.nat(), fc.nat(10), pieces), { minLength: 1, maxLength: 5 }),
    )
    .map(([file, splices]) =>
      splices.reduce((text, [pick, length, piece]) => {
        const at = pick % (text.length + 1);
        return text.slice(0, at) + piece + text.slice(at + length);
      }, file),
    );
  holds('of any text is taken, or its faults are told', texts, sound);

  const bomb = (levels: number) => [
    'a0: &a0 [x, x]',
    ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`),
  ];
  const huge = fc
    .tuple(
      fc.integer({ min: 1, max: 5000 }),
      fc.constantFrom<(n: number) => string>(
        (n) => '['.repeat(n),
        (n) => '['.repeat(n) + ']'.repeat(n),
        (n) => '{a: '.repeat(n),
        (n) => `endpoints: ${'['.repeat(n)}`,
        (n) => '- '.repeat(n),
        (n) => Array.from({ length: Math.min(n, 500) }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
        (n) => bomb(n % 40).join('\n'),
        (n) => `endpoints: [${'{ name: a, url: "https://a.example" }, '.repeat(n % 2000)}]`,
        (n) => `secrets: { ${Array.from({ length: n % 3000 }, (_, i) => `s${i}: []`).join(', ')} }`,
        (n) => `gateway: { host: "${'x'.repeat(n * 100)}" }`,
        (n) => `gateway: { host: "${'${'.repeat(n)}" }`,
        (n) => `gateway: { host: "${'${A:-'.repeat(n)}" }`,
        (n) => `network: { allow: ["${'1'.repeat(n)}.0.0.0/8", "${':'.repeat(n)}"] }`,
        (n) =>
          `providers: { http: { a: { url: "http://x/${'{job}'.repeat(n % 3000)}", job_pattern: "${'('.repeat(n)}" } } }`,
        (n) => `providers: { http: { a: { job_pattern: "${'(a+)'.repeat(n % 500)}+$" } } }`,
        (n) => `temporal: { retention: ${'9'.repeat(n)}d, address: "${'a.'.repeat(n)}:1" }`,
        (n) => `${'a'.repeat(n)}: 1`,
        (n) => '&a '.repeat(n),
        (n) => '!!x '.repeat(n),
        (n) => '"\\u0000'.repeat(n),
        (n) => '---\n'.repeat(n % 3000),
      ),
    )
    .map(([n, write]) => write(n));
  holds('of any size is taken in bounded time, or its faults are told', huge, sound);

  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'jobherald-fuzz-'));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    texts.map((text) => Buffer.from(text, 'utf16le')),
  );
  holds('of any bytes in a file is taken, or its faults are told', bytes, (content) => {
    writeFileSync(join(cwd, 'jobherald.yaml'), content);
    expectSound(() => loadConfig({ env: ENV, cwd }));
  });

  const names = fc.tuple(hostileText, hostileText);
  holds('whose name is anything is taken, or its faults are told', names, ([file, fromEnv]) =>
    expectSound(() => loadConfig({ file, env: { JOBHERALD_CONFIG: fromEnv }, cwd })),
  );
});
