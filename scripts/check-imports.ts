/** Checks every import against dependency-rules.ts; `npm run lint` runs it. Exits 1 and names each that is not allowed. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type DependencyRule, IN_WORKFLOWS, RULES } from './dependency-rules';

const ROOT = join(__dirname, '..');
const SOURCES = '{schemas,src,activities,workflows,examples,faults,stack}/**/*.{ts,js,cjs}';

export interface Import {
  readonly from: string;
  /** A file of this project, or the specifier of a package. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly typesOnly: boolean;
}

/** Static imports and re-exports, `import 'x'`, and `import('x')` or `require('x')` anywhere. Biome settles how they are written. */
const STATEMENT = /^(?:import|export)\s+(type\s+)?([\w$*{][^'";]*?)\s+from\s+'([^']+)'/gm;
const SIDE_EFFECT = /^import\s+'([^']+)'/gm;
const CALL = /(typeof\s+)?\b(?:import|require|require\.resolve)\(\s*['"`]([^'"`$]+)['"`]/g;

export function importsIn(from: string, text: string): readonly Import[] {
  const found = (specifier: string | undefined, typesOnly: boolean): Import[] => {
    if (specifier === undefined) return [];
    const isPackage = !specifier.startsWith('.');
    return [{ from, to: isPackage ? specifier : resolve(from, specifier), isPackage, typesOnly }];
  };
  return [
    ...[...text.matchAll(STATEMENT)].flatMap(([, type, names = '', to]) => found(to, !!type || onlyTypes(names))),
    ...[...text.matchAll(SIDE_EFFECT)].flatMap(([, to]) => found(to, false)),
    ...[...text.matchAll(CALL)].flatMap(([, type, to]) => found(to, !!type)),
  ];
}

/** `{ type A, type B }`. */
function onlyTypes(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/.exec(names)?.[1]?.split(',') ?? [];
  const given = inBraces.map((name) => name.trim()).filter((name) => name !== '');
  return given.length > 0 && given.every((name) => name.startsWith('type '));
}

function resolve(from: string, specifier: string): string {
  const path = posix.join(posix.dirname(from), specifier);
  const candidates = [path, `${path}.ts`, `${path}/index.ts`, `${path}.js`];
  return candidates.find((each) => /\.\w+$/.test(each) && existsSync(join(ROOT, each))) ?? path;
}

/** The part of a path that a rule is about: of `src/providers/*` + `/` that is `src/providers/vertex-ai/`. */
function partOf(path: string, { folder }: DependencyRule): string | undefined {
  const pattern = folder.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${pattern}${folder.endsWith('/') ? '' : '$'}`).exec(path)?.[0];
}

export const ruleOf = (path: string): DependencyRule | undefined =>
  RULES.find((rule) => partOf(path, rule) !== undefined);

export function isAllowed({ from, to, isPackage, typesOnly }: Import): boolean {
  const rule = ruleOf(from);
  if (!rule) return false;
  if (isPackage) return rule.packages?.some((name) => isOf(name, to)) ?? false;
  const target = ruleOf(to);
  if (!target) return false;
  if (target === rule && partOf(from, rule) === partOf(to, rule)) return true;
  if (target.folder === 'schemas/') return true;
  const folders = [...(rule.imports ?? []), ...(typesOnly ? (rule.types ?? []) : [])];
  return folders.some((each) =>
    each.endsWith('**') ? target.folder.startsWith(each.slice(0, -2)) : each === target.folder,
  );
}

function isOf(name: string, specifier: string): boolean {
  return specifier === name || specifier.startsWith(/[:/]$|^$/.test(name) ? name : `${name}/`);
}

/** What workflows load that they must not, however far away. */
export function notForWorkflows(imports: readonly Import[]): readonly Import[] {
  const loaded = new Set<string>();
  const left = imports.map(({ from }) => from).filter((file) => file.startsWith(IN_WORKFLOWS.from));
  const found: Import[] = [];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const each of imports.filter(({ from, typesOnly }) => from === file && !typesOnly)) {
      const isFine = each.isPackage
        ? IN_WORKFLOWS.packages.some((name) => isOf(name, each.to))
        : !IN_WORKFLOWS.not.some((folder) => each.to.startsWith(folder));
      if (!isFine) found.push(each);
      else if (!each.isPackage) left.push(each.to);
    }
  }
  return found;
}

export function allImports(): readonly Import[] {
  const files = globSync(SOURCES, { cwd: ROOT }).filter((file) => !file.includes('node_modules'));
  return files.flatMap((file) => importsIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

if (require.main === module) {
  const imports = allImports();
  const say = (why: string) => (each: Import) =>
    `${each.from}: ${each.typesOnly ? 'types of ' : ''}${each.to} ${why}\n`;
  const faults = [
    ...imports.filter((each) => !isAllowed(each)).map(say('may not be imported here, see scripts/dependency-rules.ts')),
    ...notForWorkflows(imports).map(say('is loaded by workflows, which may not')),
  ];
  process.stderr.write(faults.join(''));
  if (faults.length > 0) process.exitCode = 1;
}
