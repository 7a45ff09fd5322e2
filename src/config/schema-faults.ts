import type { ErrorObject } from 'ajv';
import { nearest } from '../domain/nearest';
import { type Fault, pointerTo } from './fault';

/**
 * What ajv found, in words for people. Values are quoted only where the schema lists the legal ones: anything else
 * could be a secret.
 * @param errors of an ajv made with `allErrors` and `verbose`
 */
export function schemaFaults(errors: readonly ErrorObject[]): readonly Fault[] {
  return withoutOtherBranches(errors).map((error) => ({ pointer: pointerOf(error), text: textOf(error) }));
}

function pointerOf({ keyword, instancePath, params }: ErrorObject): string {
  if (keyword === 'required') return instancePath + pointerTo(params['missingProperty']);
  if (keyword === 'additionalProperties') return instancePath + pointerTo(params['additionalProperty']);
  return instancePath || '/';
}

/** Of an `anyOf` only the branch that was meant is of interest; where the value's type fits none, the `anyOf` itself. */
function withoutOtherBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .map((error) => ({ error, meant: meantBranch(error.schema as readonly Branch[], error.data) }));
  return errors.filter((error) =>
    choices.every((choice) => {
      if (choice.error === error) return choice.meant === undefined;
      if (!error.schemaPath.startsWith(`${choice.error.schemaPath}/`)) return true;
      return error.schemaPath.startsWith(`${choice.error.schemaPath}/${choice.meant}/`);
    }),
  );
}

interface Branch {
  readonly type?: string;
}

/** The branches of this schema differ in their type, so that the value's type shows which was meant. */
function meantBranch(branches: readonly Branch[], data: unknown): number | undefined {
  const index = branches.findIndex(({ type }) => type === typeNameOf(data));
  return index === -1 ? undefined : index;
}

function textOf(error: ErrorObject): string {
  const { keyword, params, data } = error;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return unknownKeyText(params['additionalProperty'], Object.keys(error.parentSchema?.['properties'] ?? {}));
    case 'enum':
      return wrongChoiceText(data, params['allowedValues']);
    case 'pattern':
      return wordsOf(error) ?? 'has the wrong form';
    case 'type':
      return wordsOf(error) ?? wrongTypeText(params['type'], data);
    case 'anyOf':
      return wrongTypeText(typesOf(error.schema as readonly Branch[]), data);
    case 'minLength':
      return 'must not be empty';
    case 'maxLength':
      return `must have at most ${params['limit']} characters`;
    case 'minItems':
      return params['limit'] === 1 ? 'must list at least one' : `must list at least ${params['limit']}`;
    case 'uniqueItems':
      return `lists the same twice, at ${params['j']} and ${params['i']}; take one out`;
    case 'minimum':
      return `must be ${params['limit']} or more`;
    case 'maximum':
      return `must be at most ${params['limit']}`;
    case 'exclusiveMinimum':
      return `must be more than ${params['limit']}`;
    default:
      return error.message ?? 'is not as the schema says';
  }
}

/** A schema with a pattern says in its description what it wants, as a noun phrase. */
function wordsOf({ parentSchema }: ErrorObject): string | undefined {
  const description: unknown = parentSchema?.['description'];
  if (parentSchema?.['pattern'] === undefined || typeof description !== 'string') return undefined;
  return `must be ${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, '')}`;
}

function unknownKeyText(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `unknown key; did you mean "${meant}"?`;
  return `unknown key; known here: ${known.join(', ')}`;
}

function wrongChoiceText(data: unknown, allowed: readonly unknown[]): string {
  const choices = allowed.filter((choice) => typeof choice === 'string');
  if (typeof data !== 'string') return `must be one of ${choices.join(', ')}`;
  const meant = nearest(data, choices);
  const advice = meant === undefined ? `use ${choices.join(', ')}` : `did you mean "${meant}"?`;
  return `"${data}" is not known; ${advice}`;
}

function wrongTypeText(wanted: string | readonly string[], data: unknown): string {
  const names = [wanted].flat().map((type) => TYPE_WORDS[type] ?? type);
  const found = TYPE_WORDS[typeNameOf(data)] ?? 'something else';
  const text = `must be ${names.join(' or ')}, not ${found}`;
  return wanted === 'string' && ['number', 'boolean'].includes(typeof data) ? `${text}; put it in quotes` : text;
}

function typesOf(branches: readonly Branch[]): readonly string[] {
  return [...new Set(branches.flatMap(({ type }) => type ?? []))];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with keys',
  null: 'nothing',
};

function typeNameOf(data: unknown): string {
  if (data === null) return 'null';
  return Array.isArray(data) ? 'array' : typeof data;
}
