/**
 * Keeps the workflows as they are now for the rehearsals of later upgrades (test/upgrade): what a worker of this release runs,
 * minified and compressed.
 *
 *   npm run keep-bundle              writes test/fixtures/bundles/VERSION-COMMIT.js.gz
 *   npm run keep-bundle -- NAME      writes test/fixtures/bundles/NAME.js.gz
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DefaultLogger } from '@temporalio/worker';
import { transform } from 'esbuild';
import { bundleWorkflows } from '../src/temporal/workflow-bundle';

const ROOT = join(__dirname, '..');
const BUNDLES = join(ROOT, 'test/fixtures/bundles');
/** The SDK reads stack traces by the source map at the end of a bundle, and loads none without. Sources are not kept. */
const SOURCE_MAP = '//# sourceMappingURL=';
const EMPTY_MAP = Buffer.from(
  '{"version":3,"file":"workflow-bundle.js","sources":[],"names":[],"mappings":""}',
).toString('base64');

async function main([name = defaultName()]: readonly string[]): Promise<void> {
  const { code } = await bundleWorkflows(new DefaultLogger('WARN'));
  const program = code.slice(0, code.lastIndexOf(SOURCE_MAP));
  // Names are kept: the SDK finds workflows, and tells errors apart, by the names of functions and classes.
  const minified = await transform(program, {
    minify: true,
    keepNames: true,
    legalComments: 'none',
    lineLimit: 160,
    target: 'es2023',
  });
  const text = `${minified.code}${SOURCE_MAP}data:application/json;charset=utf-8;base64,${EMPTY_MAP}\n`;
  const file = join(BUNDLES, `${name}.js.gz`);
  mkdirSync(BUNDLES, { recursive: true });
  writeFileSync(file, gzipSync(text, { level: 9 }));
  process.stdout.write(`${file}\n`);
}

function defaultName(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  return `${version}-${commit}`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
