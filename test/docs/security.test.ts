import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const threats = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));

/** What stands where titles do: first in `it(…)` and its like, or first in a row of `it.each`. */
function titlesIn(source: string): readonly string[] {
  const title =
    /(?:\b(?:it|test|holds|describe)\b[^'"`\n]*\(\s*|^\s*\[\s*)(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)/gm;
  return [...source.matchAll(title)].map(([, single, double, template]) => single ?? double ?? template ?? '');
}

test.each(threats.map((row) => row.split(' | ') as [string, ...string[]]))(
  'SECURITY.md: %s: its tests are there',
  (...row) => {
    const named = [...(row[2] ?? '').matchAll(/`(test\/[^`]+)`(?:: "([^"]+)")?/g)];
    expect(named.some(([, , title]) => title !== undefined)).toBe(true);
    for (const [, file = '', title] of named) {
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
      if (title !== undefined) expect(titlesIn(readFileSync(join(ROOT, file), 'utf8'))).toContain(title);
    }
  },
);
