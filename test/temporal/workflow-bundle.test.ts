import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflows } from '../support/workflows';

const ROOT = join(__dirname, '../..');

async function bundledCode(): Promise<string> {
  const bundle = await workflows();
  return 'codePath' in bundle ? readFileSync(bundle.codePath, 'utf8') : bundle.code;
}

test('the workflows are loaded once per worker, before any run', async () => {
  const preloaded = /exports\.preloadModules = function preloadModules\(\) \{([^}]*)\}/.exec(await bundledCode())?.[1];
  expect(preloaded).toMatch(/workflows\/index\.ts/);
  expect(preloaded).toMatch(/workflows\/interceptors\.ts/);
});

/** What a module keeps for as long as it is loaded and may change: of every run, as all of them share it. */
const STATE = /^(?:export )?(?:(?:let|var) .*|const [^=]+= (?:new (?!Set<\w+>\(\[')|\[\];|\{\};).*)/gm;

test('no module of a workflow keeps anything that may change, as all runs of a worker share it', async () => {
  const modules = [...(await bundledCode()).matchAll(/^\/\*\*\*\/ "[^"]*?\/((?:workflows|src)\/[^"]+\.ts)":?$/gm)];
  const files = new Set(modules.map(([, file]) => file as string));
  expect(files.size).toBeGreaterThan(40);
  const found = [...files].flatMap(
    (file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .match(STATE)
        ?.map((line) => `${file}: ${line}`) ?? [],
  );
  expect(found).toEqual([]);
});

test.each([
  'let seen = 0;',
  'export let seen = 0;',
  'const seen = new Map<string, number>();',
  'const seen: string[] = [];',
])('what may change is told apart: %s', (line) => {
  expect(line).toMatch(new RegExp(STATE.source));
});
