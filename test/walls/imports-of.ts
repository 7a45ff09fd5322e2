import { readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

/** One mention of another module in a source file. */
export interface Import {
  /** As written: `../domain/event`, `node:crypto`, `undici`. */
  readonly specifier: string;
  /** Erased by the compiler, so that nothing of the other module is loaded. */
  readonly typesOnly: boolean;
}

type Node = Readonly<Record<string, unknown>>;

/** Every import, re-export, `require`, `require.resolve`, `import()` and `import('…')` type of a TypeScript or JavaScript file. */
export function importsOf(file: string): readonly Import[] {
  const found: Import[] = [];
  visit(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' }), (node) => {
    const one = importIn(node);
    if (one) found.push(one);
  });
  return found;
}

function visit(value: unknown, meet: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, meet);
  } else if (isNode(value)) {
    meet(value);
    for (const child of Object.values(value)) visit(child, meet);
  }
}

function importIn(node: Node): Import | undefined {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return named(node['source'], node['typeOnly'] === true || everySpecifierIsAType(node['specifiers']));
    case 'TsImportEqualsDeclaration':
      return named(member(node['moduleRef'], 'expression'), node['isTypeOnly'] === true);
    case 'TsImportType':
      return named(node['argument'], true);
    case 'CallExpression':
      return loadsModule(node['callee'])
        ? named(member((node['arguments'] as unknown[])[0], 'expression'), false)
        : undefined;
    default:
      return undefined;
  }
}

/** `import {} from 'x'` has none, and loads x. */
function everySpecifierIsAType(specifiers: unknown): boolean {
  return Array.isArray(specifiers) && specifiers.length > 0 && specifiers.every((one) => member(one, 'isTypeOnly'));
}

function loadsModule(callee: unknown): boolean {
  if (member(callee, 'type') === 'Import') return true;
  const called = member(callee, 'type') === 'MemberExpression' ? member(callee, 'object') : callee;
  return member(called, 'type') === 'Identifier' && member(called, 'value') === 'require';
}

/** A specifier that is computed cannot be read here, and is left to reviewers. */
function named(specifier: unknown, typesOnly: boolean): Import | undefined {
  const value = member(specifier, 'type') === 'StringLiteral' ? member(specifier, 'value') : plainTemplate(specifier);
  return typeof value === 'string' ? { specifier: value, typesOnly } : undefined;
}

function plainTemplate(specifier: unknown): unknown {
  const quasis = member(specifier, 'quasis');
  return Array.isArray(quasis) && quasis.length === 1 ? member(quasis[0], 'cooked') : undefined;
}

function member(value: unknown, name: string): unknown {
  return isNode(value) ? value[name] : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
