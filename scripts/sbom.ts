/**
 * Writes what the package `jobherald` installs: sbom/jobherald.cdx.json, a CycloneDX document made by npm from the lock
 * file, and sbom/licences.md, the same as a list. Development dependencies are left out.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'sbom');

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

const npm = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'];
const document = execFileSync('npm', npm, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const { components } = JSON.parse(document) as { readonly components: readonly Component[] };

const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);
const licenceOf = ({ licenses = [] }: Component) =>
  licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).join(', ') || 'not stated';

const rows = components.map((each) => `| ${nameOf(each)} | ${each.version} | ${licenceOf(each)} |`).sort();
mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, 'jobherald.cdx.json'), document);
writeFileSync(
  join(FOLDER, 'licences.md'),
  ['# Licences of what is installed', '', '| package | version | licence |', '|---|---|---|', ...rows, ''].join('\n'),
);
process.stdout.write(`sbom/jobherald.cdx.json and sbom/licences.md: ${rows.length} packages\n`);
