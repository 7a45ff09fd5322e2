import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import type { SchemaName } from '../../schemas';
import { schemas } from '../../schemas';
import { didYouMean, noneOf } from '../domain/did-you-mean';
import { type Fault, JobHeraldError } from '../domain/jobherald-error';
import { schemaCompiler } from './compiler';
import { escapePointer } from './escape-pointer';
import { ruleInWords } from './rule-in-words';
import { SCHEMA_LOCATIONS } from './schema-locations';

/** As many faults as somebody reads; a body of a hundred thousand gets no answer of that size. */
const MAX_FAULTS = 20;

/** Faults of shape, 400; every other keyword is about a value, 422. */
const SHAPE_KEYWORDS: ReadonlySet<string> = new Set(['type', 'required', 'additionalProperties', 'anyOf']);

/** What ajv found, with the pointer of the value that was looked at: '' for the body. */
export interface Finding {
  readonly error: ErrorObject;
  readonly base: string;
}

const ajv = schemaCompiler();
for (const schema of Object.values(schemas)) ajv.addSchema(schema);

/**
 * Checks bodies against one of the schemas, which is compiled when the first body comes.
 * @throws {JobHeraldError} by the returned function: `bad_request` where the shape is wrong (JSON types, missing and
 *   unknown members), `unprocessable` where only a value is; with the faults and their pointers
 */
export function bodyValidator<T>(name: SchemaName): (body: unknown) => T {
  const { $id } = schemas[name];

  return (body) => {
    const validate = compiled($id);
    if (validate(body)) return body as T;
    const findings = findingsOf(validate.errors ?? [], '');
    const shape = findings.filter(({ error }) => SHAPE_KEYWORDS.has(error.keyword));
    // Described are only those that are reported: a body can have more faults than there is time for.
    const faults = (shape.length > 0 ? shape : findings).slice(0, MAX_FAULTS).map(faultOf);
    throw new JobHeraldError(shape.length > 0 ? 'bad_request' : 'unprocessable', summary(faults), { faults });
  };
}

function compiled(id: string): ValidateFunction {
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`no schema ${id}`);
  return validate;
}

function findingsOf(errors: readonly ErrorObject[], base: string): Finding[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf');
  const places = new Set(choices.map(({ instancePath }) => instancePath));
  const others = errors.filter(({ instancePath }) => !pathAndAncestors(instancePath).some((path) => places.has(path)));
  return [...others.map((error) => ({ error, base })), ...choices.flatMap((choice) => findingsOfChoice(choice, base))];
}

function pathAndAncestors(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.map((_segment, index) => segments.slice(0, index + 1).join('/'));
}

interface Branch {
  readonly type?: string;
  readonly required?: readonly string[];
}

/** Of a choice between shapes, the faults of the one that was meant: those of the others only confuse. */
function findingsOfChoice(choice: ErrorObject, base: string): Finding[] {
  const meant = (choice.schema as readonly Branch[]).findIndex((branch) => looksLike(branch, choice.data));
  if (meant === -1) return [{ error: choice, base }];

  const validate = compiled(`${SCHEMA_LOCATIONS.get(choice.schema)}/${meant}`);
  validate(choice.data);
  return findingsOf(validate.errors ?? [], base + choice.instancePath);
}

function looksLike({ type, required = [] }: Branch, value: unknown): boolean {
  return jsonType(value) === type && required.every((name) => Object.hasOwn(value as object, name));
}

/** A finding of an ajv that is `verbose`, in words. */
export function faultOf({ error, base }: Finding): Fault {
  const { keyword, params, instancePath, data } = error;
  const pointer = base + instancePath;
  switch (keyword) {
    case 'required':
      return { pointer: `${pointer}/${escapePointer(params['missingProperty'])}`, detail: 'is required' };
    case 'additionalProperties': {
      const name: string = params['additionalProperty'];
      const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
      return { pointer: `${pointer}/${escapePointer(name)}`, detail: `is unknown${didYouMean(name, known)}` };
    }
    case 'enum': {
      const allowed: readonly string[] = params['allowedValues'];
      return { pointer, detail: noneOf(String(data), allowed) };
    }
    case 'type':
      return { pointer, detail: wrongType(params['type'], data) };
    case 'anyOf':
      return { pointer, detail: `must be ${(error.schema as readonly Branch[]).map(nameOf).join(' or ')}` };
    default:
      return { pointer, detail: ruleInWords(keyword, params) ?? error.message ?? `breaks the rule ${keyword}` };
  }
}

function nameOf({ type, required }: Branch): string {
  return required ? `an object with "${required[0]}"` : `a ${type}`;
}

function wrongType(wanted: string, data: unknown): string {
  return data === undefined ? `is empty; send a JSON ${wanted}` : `must be a JSON ${wanted}, not ${jsonType(data)}`;
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function summary(faults: readonly Fault[]): string {
  const [first] = faults;
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more, see errors)` : '';
  return first === undefined ? 'The body breaks its schema.' : `${first.pointer || 'The body'} ${first.detail}${rest}.`;
}
