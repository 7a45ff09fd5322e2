import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const threats = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));

test.each(threats.map((row) => row.split(' | ') as [string, ...string[]]))(
  'SECURITY.md: %s: its tests are there',
  (...row) => {
    const named = [...(row[2] ?? '').matchAll(/`(test\/[^`]+)`(?:: "([^"]+)")?/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, file = '', title] of named) {
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
      if (title !== undefined) expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title);
    }
  },
);
