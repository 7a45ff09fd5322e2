import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const pages = globSync('{*.md,docs/**/*.md,examples/*/*.md,src/**/*.md}', { cwd: ROOT });
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```.*?^```/gms, '');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const to = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(ROOT, to))) return true;
    return anchor !== undefined && !anchorsOf(to).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('docs/README.md leads to every page', () => {
  const index = textOf('docs/README.md');
  const missing = globSync('*.md', { cwd: join(ROOT, 'docs') }).filter(
    (page) => page !== 'README.md' && !index.includes(`(${page})`),
  );
  expect(missing).toEqual([]);
});
