import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { schemas } from '../../schemas';
import { BOUNDS, DEFAULTS, ENDPOINT_DEFAULTS } from '../../src/config/defaults';
import { parseConfig } from '../../src/config/load-config';
import { formatDuration } from '../../src/domain/duration';
import { MONAI_DEFAULTS } from '../../src/providers/monai/config';
import { SPEC_001_DEFAULTS } from '../../src/providers/spec-001/config';

const docs = readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');

/** Every key of the configuration as docs/configuration.md writes it: `endpoints[].retry.first`, `providers.http.{name}.url`. */
function* keysIn(schema: unknown, path: string): Generator<string> {
  const { properties, items, anyOf, $ref, additionalProperties } = schema as Record<string, unknown>;
  if (typeof $ref === 'string' && $ref.startsWith('#/$defs/')) {
    yield* keysIn((schemas.ConfigFile.$defs as Record<string, unknown>)[$ref.slice('#/$defs/'.length)], path);
  }
  if (items) yield* keysIn(items, `${path}[]`);
  if (additionalProperties) yield* keysIn(additionalProperties, `${path}.{name}`);
  for (const branch of (anyOf as readonly unknown[]) ?? []) yield* keysIn(branch, path);
  for (const [name, member] of Object.entries((properties as object) ?? {})) {
    const key = path === '' ? name : `${path}.${name}`;
    yield key;
    yield* keysIn(member, key);
  }
}

const keys = [...keysIn(schemas.ConfigFile, '')];

describe('docs/configuration.md', () => {
  it('is held against all keys there are', () => {
    expect(keys).toEqual(
      expect.arrayContaining(['temporal.tls.cert', 'gateway.tokens[].name', 'endpoints[].retry.for']),
    );
  });

  it.each(keys)('documents %s', (key) => {
    expect(docs).toContain(`\`${key}\``);
  });

  it('documents no key that is not there', () => {
    const documented = [...docs.matchAll(/^\| `([^`/][^`]*)` \|/gm)].map(([, key]) => key);
    expect(documented.filter((key) => !keys.includes(key ?? ''))).toEqual([]);
    expect(documented).toHaveLength(new Set(documented).size);
  });

  it('gives the durations that hold by default', () => {
    const { retry, timeoutMs } = ENDPOINT_DEFAULTS;
    const { poll, sweep, safetyMs } = DEFAULTS;
    const durations: Record<string, number> = {
      'temporal.retention': DEFAULTS.temporal.retentionMs,
      'endpoints[].timeout': timeoutMs,
      'endpoints[].retry.first': retry.firstMs,
      'endpoints[].retry.max': retry.maxMs,
      'endpoints[].retry.for': retry.forMs,
      'providers.monai.task_timeout': MONAI_DEFAULTS.taskTimeoutMs,
      'providers.spec-001.stalled.grace': SPEC_001_DEFAULTS.stalled.graceMs,
    };
    for (const provider of ['vertex-ai', 'tencent-batch', 'monai', 'http.{name}']) {
      durations[`providers.${provider}.poll.first`] = poll.firstMs;
      durations[`providers.${provider}.poll.max`] = poll.maxMs;
      durations[`providers.${provider}.poll.lost_after`] = poll.lostAfterMs;
      durations[`providers.${provider}.sweep.every`] = sweep.everyMs;
      durations[`providers.${provider}.sweep.budget.per`] = sweep.budget.perMs;
      durations[`providers.${provider}.safety`] = safetyMs;
    }
    for (const [key, ms] of Object.entries(durations)) {
      const row = docs.split('\n').find((line) => line.startsWith(`| \`${key}\` |`));
      expect(row).toContain(`| \`${formatDuration(ms)}\` |`);
    }
    expect(docs).toContain(`at most ${formatDuration(BOUNDS.maxTimeoutMs)}`);
  });

  it('shows an example that works', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(docs) ?? [];
    const env = { JOBHERALD_TOKEN: 't', ORDERS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    expect(Object.keys(parse(yaml))).toEqual(Object.keys(schemas.ConfigFile.properties));
    expect(parseConfig(yaml, { env, cwd: __dirname }).endpoints[0]).toMatchObject({ secret: 'orders' });
  });
});
