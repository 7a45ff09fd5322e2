import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, printSync } from '@swc/core';

const ROOT = join(__dirname, '../..');

/** The systems, and what only they have: their APIs, brokers and messages. */
const OF_A_SYSTEM = /vertex|aiplatform|tencent|cmq|monai|\bargo\b|spec[-_]?001|pubsub|eventarc/i;

/** Where a system may be named: in its own folder, by the registries, and by what shows it to developers. */
const OWNERS = [
  /^src\/providers\/[a-z0-9-]+\//,
  /^src\/providers\/(registry|workflow-registry|published-types|api)\.ts$/,
  /^src\/dev\//,
];

/** Code without its comments. */
function codeOf(source: string): string {
  return printSync(parseSync(source, { syntax: 'typescript', target: 'es2022' })).code;
}

function namesIn(source: string): readonly string[] {
  return codeOf(source)
    .split('\n')
    .filter((line) => OF_A_SYSTEM.test(line))
    .map((line) => line.trim());
}

test('a system is named in its own folder and by the registries, and nowhere else', () => {
  const files = globSync('{src,activities,workflows}/**/*.ts', { cwd: ROOT });
  const others = files.filter((file) => !OWNERS.some((owner) => owner.test(file)));
  expect(others.length).toBeGreaterThan(150);
  const named = others.flatMap((file) =>
    namesIn(readFileSync(join(ROOT, file), 'utf8')).map((line) => `${file}: ${line}`),
  );
  expect(named).toEqual([]);
});

test('a system does not name another', () => {
  const systems = globSync('src/providers/*/system.ts', { cwd: ROOT }).map((file) => file.split('/')[2] as string);
  expect(systems.length).toBeGreaterThan(4);
  const named = globSync('src/providers/*/**/*.ts', { cwd: ROOT }).flatMap((file) => {
    const others = systems.filter((system) => system !== 'http' && !file.startsWith(`src/providers/${system}/`));
    const code = codeOf(readFileSync(join(ROOT, file), 'utf8'));
    return others.filter((system) => code.includes(system)).map((system) => `${file}: ${system}`);
  });
  expect(named).toEqual([]);
});

describe('naming a system', () => {
  it.each([
    "import { readLogEntry } from '../providers/vertex-ai/hints/log-entry';",
    "if (provider === 'tencent-batch') track();",
    'const spec001 = 1;',
    'type Pushed = PubsubMessage;',
    'const path = `/ingress/eventarc`;',
  ])('is found in %s', (line) => {
    expect(namesIn(line)).not.toEqual([]);
  });

  it('is allowed in a comment', () => {
    expect(namesIn('/** States as in SPEC-001. */\nconst a = 1; // Vertex AI')).toEqual([]);
  });
});
