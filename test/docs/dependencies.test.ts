import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const readJson = (path: string) => JSON.parse(read(path)) as Record<string, Record<string, string>>;

const { dependencies, devDependencies, peerDependencies } = readJson('package.json');
const inPackageJson = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }).sort();
const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\|.*\| ([^|]+?) +\|$/gm)];
const documented = rows.map(([, name = '', licence = '']) => ({ name, licence }));

test('docs/dependencies.md explains every dependency once, and no other', () => {
  expect(documented.map(({ name }) => name).sort()).toEqual(inPackageJson);
});

test.each(documented)('docs/dependencies.md names the licence of $name', ({ name, licence }) => {
  expect(readJson(`node_modules/${name}/package.json`)['license']).toBe(licence);
});

test('package-lock.json has an integrity for every package, and the host of no registry', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, object> };
  const unsafe = Object.entries(packages).filter(
    ([path, locked]) => path !== '' && (!('integrity' in locked) || 'resolved' in locked),
  );
  expect(unsafe).toEqual([]);
});

test('every package of Temporal is pinned to the same version', () => {
  const versions = Object.entries(dependencies ?? {}).filter(([name]) => name.startsWith('@temporalio/'));
  expect(new Set(versions.map(([, version]) => version))).toEqual(new Set([expect.stringMatching(/^\d+\.\d+\.\d+$/)]));
});
