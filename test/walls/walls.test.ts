import { existsSync, globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { type Import, importsOf } from './imports-of';
import { WALLS, type Wall } from './walls';

const ROOT = join(__dirname, '../..');
const SOURCES = '{schemas,src,activities,workflows,examples,faults}/**/*.{ts,js,cjs}';

/** An import with where it leads: a file of this project, or a package. */
interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly isPackage: boolean;
  readonly typesOnly: boolean;
}

const files = globSync(SOURCES, { cwd: ROOT }).filter((file) => !file.includes('node_modules'));

const crossingsOf = (file: string, imports: readonly Import[]): readonly Crossing[] =>
  imports.map(({ specifier, typesOnly }) => {
    const isPackage = !specifier.startsWith('.');
    return { from: file, to: isPackage ? specifier : resolved(file, specifier), isPackage, typesOnly };
  });

const crossings = files.flatMap((file) => crossingsOf(file, importsOf(join(ROOT, file))));

function resolved(file: string, specifier: string): string {
  const path = posix.join(dirname(file), specifier);
  const candidates = [path, `${path}.ts`, `${path}/index.ts`, `${path}.js`];
  return candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(join(ROOT, candidate))) ?? path;
}

/** The part of a path that a pattern is about, or undefined: `src/providers/*` + `/` finds `src/providers/vertex-ai/`. */
function matched(pattern: string, path: string): string | undefined {
  const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${source}${pattern.endsWith('/') ? '' : '$'}`).exec(path)?.[0];
}

const fits = (path: string) => (pattern: string) => matched(pattern, path) !== undefined;
const wallOf = (file: string): Wall | undefined => WALLS.find(({ room }) => fits(file)(room));

/** The door that a crossing goes through; undefined where it runs into the wall. */
function doorOf({ from, to, isPackage, typesOnly }: Crossing): string | undefined {
  const wall = wallOf(from);
  if (!wall) return undefined;
  if (isPackage) return wall.packages?.find((name) => isOfPackage(name, to));
  const here = matched(wall.room, from);
  if (here !== undefined && wallOf(to) === wall && matched(wall.room, to) === here) return 'its own room';
  return wall.mayImport?.find(fits(to)) ?? (typesOnly ? wall.mayImportTypesOf?.find(fits(to)) : undefined);
}

function isOfPackage(name: string, specifier: string): boolean {
  if (/[:/]$/.test(name)) return specifier.startsWith(name);
  return specifier === name || specifier.startsWith(`${name}/`);
}

const tell = ({ from, to, typesOnly }: Crossing) => `${from} imports ${typesOnly ? 'types of ' : ''}${to}`;

test('every source file stands in a room', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => !wallOf(file))).toEqual([]);
});

test('no import goes through a wall', () => {
  expect(crossings.filter((crossing) => !doorOf(crossing)).map(tell)).toEqual([]);
});

test('no wall has a door that nothing goes through', () => {
  const used = new Set(crossings.map((crossing) => `${wallOf(crossing.from)?.room} → ${doorOf(crossing)}`));
  const doors = WALLS.flatMap(({ room, mayImport = [], mayImportTypesOf = [], packages = [] }) =>
    [...mayImport, ...mayImportTypesOf, ...packages].map((door) => `${room} → ${door}`),
  );
  expect(doors.filter((door) => !used.has(door))).toEqual([]);
});

test('ARCHITECTURE.md states the same walls', () => {
  const rows = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([^`]+)` +\|.*\| ([^|]+?) +\|$/gm);
  const stated = Object.fromEntries([...rows].map(([, room, doors]) => [room, doors]));
  const code = (paths: readonly string[] = []) => paths.map((path) => `\`${path}\``);
  const built = WALLS.map(({ room, mayImport, mayImportTypesOf }) => {
    const doors = [...code(mayImport), ...code(mayImportTypesOf).map((path) => `types of ${path}`)];
    return [room, doors.join(', ') || 'nothing'];
  });
  expect(stated).toEqual(Object.fromEntries(built));
});

describe('a wall', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'walls-')), 'file.ts');
  const stops = (from: string, source: string) => {
    writeFileSync(file, source);
    return crossingsOf(from, importsOf(file)).filter((crossing) => !doorOf(crossing)).length > 0;
  };

  const BREACHES: readonly (readonly [from: string, source: string])[] = [
    ['schemas/types.ts', "import '../src/domain/event'"],
    ['src/domain/event.ts', "import { createHash } from 'node:crypto'"],
    ['src/domain/event.ts', "import type { Config } from '../config/config'"],
    ['src/domain/event.ts', "export * from 'ajv'"],
    ['src/formats/standard.ts', "import { job } from '../providers/vertex-ai/provider'"],
    ['src/formats/standard.ts', "import { hostname } from 'node:os'"],
    ['src/providers/vertex-ai/format.ts', "import { JOB_KINDS } from './job-kind'"],
    ['src/providers/vertex-ai/provider.ts', "import { createTencent } from '../of-another-system/provider'"],
    ['src/providers/vertex-ai/provider.ts', "import { loadConfig } from '../../config/load-config'"],
    ['src/providers/vertex-ai/provider.ts', "import { POLL } from '../../config/config'"],
    ['src/providers/registry.ts', "import { JobHeraldError } from '../client/errors'"],
    ['src/providers/provider.ts', "import { isTerminal } from '../domain/job-state'"],
    ['src/brokers/kafka/cluster.ts', "import { loadConfig } from '../../config/load-config'"],
    ['src/channels/webhook/sign.ts', "import { loadConfig } from '../../config/load-config'"],
    ['src/channels/webhook/sign.ts', "import axios from 'axios'"],
    ['src/receiver/verify-webhook.ts', "import { request } from 'undici'"],
    ['src/receiver/verify-webhook.ts', "import { createServer } from 'node:http'"],
    ['src/config/load-config.ts', "import { checkUrl } from '../channels/webhook/guard/guard-url'"],
    ['src/submission/fingerprint.ts', "import { createEngine } from '../engine'"],
    [
      'src/client/jobherald.ts',
      "const { Worker } = require('@temporalio/worker') as typeof import('@temporalio/worker')",
    ],
    ['src/client/jobherald.ts', "import { createServer } from '../gateway/server'"],
    ['src/gateway/server.ts', "import { Client } from '@temporalio/client'"],
    ['src/gateway/server.ts', "import { createVertexAiProvider } from '../providers/vertex-ai/provider'"],
    ['src/gateway/server.ts', "import { resolveSubmission } from '../submission/resolve-submission'"],
    ['src/logging/create-logger.ts', "import { loadConfig } from '../config/load-config'"],
    ['src/temporal/setup.ts', "import { createGateway } from '../gateway/server'"],
    ['src/validation/body-validator.ts', "import { loadConfig } from '../config/load-config'"],
    ['src/conformance/effects.ts', "import { loadConfig } from '../config/load-config'"],
    ['src/dev/emulators/vertex-ai/emulator.ts', "import { job } from '../../../workflows'"],
    ['src/processes/worker.ts', "import { createActivities } from '../../activities'"],
    ['src/dev/demo/run-demo.ts', "import { undici } from 'undici'"],
    ['src/cli/main.ts', "import { job } from '../../workflows/job'"],
    ['src/index.ts', "import { verifyWebhook } from './receiver'"],
    ['activities/deliver.ts', "import { createWebhookChannel } from '../src/channels/webhook/webhook-channel'"],
    ['activities/deliver.ts', "import { job } from '../workflows/job'"],
    ['workflows/job.ts', "import { createActivities } from '../activities'"],
    ['workflows/job.ts', "const late = await import('../src/config/load-config')"],
    ['workflows/job.ts', "import { randomUUID } from 'node:crypto'"],
    ['faults/plan/plan.ts', "import { NAMESPACE } from '../../src/domain/identity'"],
    ['faults/checker/check.ts', "import { uuidV5 } from '../../src/domain/uuid'"],
    ['faults/run.ts', "import { createEngine } from '../src/engine'"],
    ['examples/receiver/receiver.js', "const { verifyWebhook } = require('../../src/receiver')"],
  ];

  it.each(BREACHES)('of %s stops %s', (from, source) => {
    expect(stops(from, source)).toBe(true);
  });

  it('is tried above, whichever it is', () => {
    expect(new Set(BREACHES.map(([from]) => wallOf(from)))).toEqual(new Set(WALLS));
  });

  it.each([
    ['src/domain/event.ts', "import type { JobState } from './job-state'"],
    ['src/providers/vertex-ai/provider.ts', "import type { Config } from '../../config/config'"],
    ['src/providers/vertex-ai/hints/json.ts', "import { canonicalJobName } from '../job-name'"],
    ['workflows/job.ts', "import type { Activities } from '../activities/types'"],
    ['workflows/job.ts', "import { type Activities } from '../activities/types'"],
    ['examples/receiver/receiver.js', "const { verifyWebhook } = require('jobherald/receiver')"],
  ])('of %s lets pass %s', (from, source) => {
    expect(stops(from, source)).toBe(false);
  });
});
