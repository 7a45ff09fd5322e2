/**
 * Writes schemas/types.ts from schemas/*.schema.json.
 *
 *   npm run generate-types              writes the file
 *   npm run generate-types -- --check   exits 1 if the file is out of date
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const HEADER = '// Generated from schemas/*.schema.json by scripts/generate-types.ts; do not edit.\n\n';
const ROOT = 'AnyDocument';

async function main(): Promise<void> {
  const folder = join(__dirname, '..', 'schemas');
  const schemas = readdirSync(folder)
    .filter((name) => name.endsWith('.schema.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as JSONSchema);
  const generated = await compile(oneDocument(schemas), ROOT, {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, bracketSpacing: true, printWidth: 120 },
  });
  const text = HEADER + asReadonly(withoutRoot(generated)).trimStart();

  const target = join(folder, 'types.ts');
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    process.stdout.write('wrote schemas/types.ts\n');
  } else if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write('schemas/types.ts is out of date: run npm run generate-types\n');
    process.exitCode = 1;
  }
}

/** All schemas as definitions of one, so that a shape which several of them use becomes one type. */
function oneDocument(schemas: readonly JSONSchema[]): JSONSchema {
  const definitions: Record<string, JSONSchema> = {};
  for (const { $id, $defs, ...schema } of schemas) {
    Object.assign(definitions, $defs);
    if (schema.title) definitions[schema.title] = schema;
  }
  const titles = new Map(schemas.map(({ $id, title }) => [String($id).split('/').at(-1), title]));
  const roots = [...titles.values()].filter((title) => title !== undefined);
  return rewriteRefs({ title: ROOT, oneOf: roots.map((title) => ({ $ref: `#/$defs/${title}` })), $defs: definitions });
}

/**
 * `job.schema.json#/$defs/X` becomes `#/$defs/X`. A reference with a description of its own goes into an `allOf`,
 * for the generator makes a new type of it otherwise.
 */
function rewriteRefs<T>(node: T): T {
  if (Array.isArray(node)) return node.map(rewriteRefs) as T;
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, rewriteRefs(value)]));
  if (typeof copy['$ref'] === 'string') {
    const { $ref, ...rest } = copy;
    const local = { $ref: `#${$ref.split('#')[1]}` };
    return (Object.keys(rest).length > 0 ? { ...rest, allOf: [local] } : local) as T;
  }
  return copy as T;
}

function withoutRoot(code: string): string {
  return code.replace(new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?export type ${ROOT} =[^;]*;\\n`), '');
}

/** The generator knows no `readonly`; what crosses a border is a value and nobody's to change. */
function asReadonly(code: string): string {
  return code
    .replace(/^( +)(?=(?:\w+|'[^']+'|\[k: string\])\??: )/gm, '$1readonly ')
    .replace(/: (\w+)\[\]/g, ': readonly $1[]');
}

void main();
