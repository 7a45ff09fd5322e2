import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { version } from '../../package.json';

const ROOT = join(__dirname, '../..');

it('runs in a clone that is built by the name that npx looks for', () => {
  execFileSync(process.execPath, [
    '--require',
    join(ROOT, 'scripts/typescript-hook.js'),
    join(ROOT, 'scripts/build.ts'),
  ]);
  const answer = execFileSync(join(ROOT, 'node_modules/.bin/jobherald'), ['--version'], { encoding: 'utf8' });
  expect(answer.trim()).toBe(version);
});
