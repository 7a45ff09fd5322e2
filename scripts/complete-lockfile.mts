/**
 * Adds to package-lock.json what npm leaves out of it: optional packages for other platforms that the registry in use
 * does not have. `npm ci` refuses a lock without them; with them it installs what fits the machine, as it should.
 * Run it after every `npm install` behind a registry mirror: `node scripts/complete-lockfile.mts`. Harmless twice.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [more: string]: unknown;
}

const FILE = join(import.meta.dirname, '..', 'package-lock.json');
const SYSTEMS: Readonly<Record<string, string>> = { macos: 'darwin', windows: 'win32' };
const KNOWN_SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'win32'];
const KNOWN_CPUS = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 'loong64', 's390x', 'wasm32', 'arm'];

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, LockedPackage> };
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(path, name) || !/^\d+\.\d+\.\d+/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    process.stdout.write(`added ${name} ${version}\n`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);

/** Whether the package that `path` depends on stands in the lock, beside it or further up. */
function isLocked(path: string, name: string): boolean {
  const candidate = `${path === '' ? '' : `${path}/`}node_modules/${name}`;
  if (candidate in lock.packages) return true;
  return path !== '' && isLocked(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name);
}

/** The platform of a binary package, as its name tells it: `@swc/core-linux-arm-gnueabihf`. */
function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.split(/[-/]/).map((word) => SYSTEMS[word] ?? word);
  const os = KNOWN_SYSTEMS.find((system) => words.includes(system));
  const cpu = KNOWN_CPUS.find((known) => words.includes(known));
  const isGlibc = os === 'linux' && words.some((word) => word.startsWith('gnu'));
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : isGlibc ? 'glibc' : undefined;
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}) };
}
