/**
 * Makes what `@jobherald/client` and `@jobherald/receiver` publish, from the same sources as `jobherald`: the code as one
 * CommonJS file, an ES module that re-exports it, and the types that it leads to.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = join(__dirname, '..');

export interface PublishedPackage {
  /** Its folder in packages/. */
  readonly name: string;
  readonly entry: string;
  /** What is loaded late, as a file of its own: its path in `src/`, and what it is required as. */
  readonly late?: { readonly entry: string; readonly as: string };
}

export const PACKAGES: readonly PublishedPackage[] = [
  { name: 'client', entry: 'src/index', late: { entry: 'src/client/direct', as: './direct' } },
  { name: 'receiver', entry: 'src/receiver/index' },
];

/** @param compiled where tsc has put its output @param to the `dist` of the package */
export async function buildPackage({ entry, late }: PublishedPackage, compiled: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  await bundle(join(ROOT, `${entry}.ts`), join(to, 'index.js'), late ? [late.as] : []);
  if (late)
    await bundle(join(ROOT, `${late.entry}.ts`), join(to, `${late.as}.js`), [], [ofTemporal, onlyClient, plainSchemas]);
  writeModule(to);
  copyTypes(join(compiled, `${entry}.d.ts`), compiled, join(to, 'types'));
  writeFileSync(join(to, 'index.d.ts'), `export * from './types/${entry}';\n`);
  writeFileSync(join(to, 'index.d.mts'), `export * from './index.js';\n`);
}

async function bundle(entry: string, outfile: string, external: string[], plugins: Plugin[] = []): Promise<void> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    external,
    plugins,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minify: true,
    // Of an error that nobody catches Node.js prints the whole line; each line costs a byte of the 100 kB that the package may have.
    lineLimit: 4_000,
    metafile: true,
    logLevel: 'warning',
  });
  const foreign = Object.keys(metafile.inputs).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  const licences = [...new Set(foreign)].filter((name) => name !== undefined).map(licenceOf);
  if (licences.length > 0) writeFileSync(`${outfile}.LICENSE.txt`, licences.join('\n\n'));
}

/** The licence of a package whose code is in the bundle goes along with it. */
function licenceOf(name: string): string {
  return `${name}\n\n${readFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8')}`;
}

/** What a program installs for it. */
const PEERS = /^(@temporalio\/(client|envconfig)|ajv|yaml)(\/|$)/;

/** Small, and needed by each submission. */
const INSIDE = 'ipaddr.js';

/**
 * Of a system a client needs how its jobs are named, and of its section in the configuration whether it is valid. What
 * serves and consumes is loaded late by the program, and never by a client, so it is left out, and so is what reads a
 * system's answers, with the packages for it.
 */

const onlyClient: Plugin = {
  name: 'only what a client needs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(call-api|list-jobs|list-workflows|job-status)$/ }, ({ path, importer }) =>
      (path === './call-api' ? /\/vertex-ai\/provider\.ts$/ : /\/(provider|plugin)\.ts$/).test(importer)
        ? { path, namespace: 'absent' }
        : undefined,
    );
    onResolve({ filter: /\/brokers\/|\/(read-answer|tc3-signature|answer-error|retry-info)$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
    onResolve({ filter: /^\.\/(ingress|pull\/.*|consumer\/.*)$/ }, ({ path, importer }) =>
      importer.endsWith('/system.ts') ? { path, external: true } : undefined,
    );
    // Its errors are instances of the classes that index.js exports.
    onResolve({ filter: /\/(jobherald-error|config-error)$/ }, () => ({ path: './index.js', external: true }));
    onResolve({ filter: /^[@a-z]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('node:') || path === INSIDE) return undefined;
      return PEERS.test(path) ? { path, external: true } : { path, namespace: 'absent' };
    });
  },
};

/** Parts of Temporal's SDK, found from where its client is: one that is installed strictly hides its own dependencies. */
const ofTemporal: Plugin = {
  name: "parts of Temporal's SDK",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@(temporalio\/(common|proto)|grpc\/grpc-js)/ }, ({ path, namespace }) =>
      namespace === 'temporal' ? { path, external: true } : { path, namespace: 'temporal' },
    );
    onLoad({ filter: /.*/, namespace: 'temporal' }, ({ path }) => ({
      contents: `module.exports = require('node:module').createRequire(require.resolve('@temporalio/client'))('${path}');`,
    }));
  },
};

/** Schemas without answers and events, which no client checks, and without what only people read; of a value with a pattern, the description is its error message. */
const plainSchemas: Plugin = {
  name: 'schemas without descriptions',
  setup({ onLoad }) {
    onLoad(
      { filter: /\/(job|job-list|standard-event|vertex-ai-event|tencent-batch-event)\.schema\.json$/ },
      ({ path }) => ({
        loader: 'json',
        contents: JSON.stringify({ $id: (JSON.parse(readFileSync(path, 'utf8')) as { $id: string }).$id }),
      }),
    );
    onLoad({ filter: /\.schema\.json$/ }, ({ path }) => ({
      loader: 'json',
      contents: JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), (_name, value) => {
        const { description, title, pattern, ...rest } = (value ?? {}) as Readonly<Record<string, unknown>>;
        return typeof description === 'string' && pattern === undefined && !Array.isArray(value) ? rest : value;
      }),
    }));
  },
};

/**
 * ES modules get the same instance, so that an error is an instance of the class that either kind of module imports, and
 * a SQLite connection has one queue, whoever uses it.
 */
function writeModule(to: string): void {
  const names = Object.keys(createRequire(__filename)(join(to, 'index.js')) as object).sort();
  writeFileSync(join(to, 'index.mjs'), `export { ${names.join(', ')} } from './index.js';\n`);
}

/** The declarations that an entry leads to, in the folders where they are. @throws where one needs a package */
function copyTypes(entry: string, from: string, to: string): void {
  const copied = new Set<string>();
  const left = [entry];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (copied.has(file)) continue;
    copied.add(file);
    const copy = join(to, relative(from, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import\()\s*'([^']+)'/g)) {
      if (!specifier.startsWith('.')) throw new Error(`${relative(from, file)} needs the types of ${specifier}`);
      left.push(declarationOf(join(dirname(file), specifier)));
    }
  }
}

function declarationOf(path: string): string {
  return [`${path}.d.ts`, join(path, 'index.d.ts')].find((each) => existsSync(each)) ?? `${path}.d.ts`;
}

/** What is in the folder of each package besides its `dist`, README.md and package.json. */
export function copyLicence(folder: string): void {
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
}
