import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RULES } from '../../src/conformance/grade-receiver';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
const files = globSync('test/vectors/*.json', { cwd: ROOT }).map((file) => basename(file));

/** The text under a heading, down to the next. */
function section(heading: string): string {
  const [, text = ''] = page.split(`\n### ${heading}\n`);
  return text.split(/\n#{2,3} /)[0] ?? '';
}

/** Names of members, without those of headers and of JSON that stands for itself. */
function membersOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...(name === 'headers' ? [] : membersOf(member))]);
}

test('has a section for each file of vectors, and for no other', () => {
  const sections = [...page.matchAll(/^### (\S+\.json)$/gm)].map(([, file]) => file);
  expect(sections.sort()).toEqual(files.sort());
});

test.each(files)('documents every member of %s', (file) => {
  const members = new Set(membersOf(JSON.parse(readFileSync(join(ROOT, 'test/vectors', file), 'utf8'))));
  expect(members.size).toBeGreaterThan(3);
  const text = section(file);
  expect([...members].filter((member) => !new RegExp(`["\`.[ ]${member}["\`[\\]. ]`).test(text))).toEqual([]);
});

test('lists every rule of test-receiver, in its order', () => {
  const listed = [...section('The rules').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(RULES.map(({ name }) => name));
});
