import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { schemas } from '../../../schemas';
import type { Fault } from '../../domain/jobherald-error';
import { faultOf } from '../../validation/body-validator';

const { $id: ID, $defs } = schemas.Spec001Message;

const ajv = new Ajv2020({ allErrors: true, verbose: true });
ajv.addSchema(schemas.Spec001Message);
const isMessage = compiled(ID);

/** Where a value may be one of several things, the member that says which was meant, and the schema of each. */
const CHOICES: readonly { readonly at: RegExp; readonly by: string; readonly of: Readonly<Record<string, Branch>> }[] =
  [
    { at: /^\/data$/, by: 'notification_type', of: { STATUS: 'Spec001Status', HEARTBEAT: 'Spec001Heartbeat' } },
    {
      at: /^\/data\/results\/\d+$/,
      by: 'type',
      of: {
        ABS_DIRECTORY: 'Spec001AbsDirectory',
        ABS_FILES: 'Spec001AbsFiles',
        SNOWFLAKE_TABLE: 'Spec001SnowflakeTable',
      },
    },
  ];

type Branch = keyof typeof $defs;

/**
 * What the schema of SPEC-001 has against a value; nothing where it is a message. Of a choice only the branch that was
 * meant is told: a STATUS with a wrong status is not told that it is no HEARTBEAT.
 */
export function spec001Faults(value: unknown): readonly Fault[] {
  return isMessage(value) ? [] : faultsIn(isMessage.errors ?? [], '');
}

function faultsIn(errors: readonly ErrorObject[], base: string): readonly Fault[] {
  const all = errors.filter(({ keyword }) => keyword === 'oneOf');
  const isInside = ({ instancePath }: ErrorObject) =>
    all.some((choice) => instancePath.startsWith(`${choice.instancePath}/`));
  const choices = all.filter((choice) => !isInside(choice));
  const places = new Set(choices.map(({ instancePath }) => instancePath));
  const others = errors.filter((error) => !places.has(error.instancePath) && !isInside(error));
  return [
    ...others.map((error) => inWords(error, base)),
    ...choices.flatMap(({ instancePath, data }) => faultsOfChoice(data, base + instancePath)),
  ];
}

function faultsOfChoice(value: unknown, pointer: string): readonly Fault[] {
  const choice = CHOICES.find(({ at }) => at.test(pointer));
  if (choice === undefined) throw new Error(`the schema has a choice at ${pointer} that nobody knows`);
  const { by, of } = choice;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ pointer, detail: 'must be a JSON object' }];
  }
  const meant = (value as Readonly<Record<string, unknown>>)[by];
  if (meant === undefined) return [{ pointer: `${pointer}/${by}`, detail: 'is required' }];
  if (typeof meant !== 'string' || !Object.hasOwn(of, meant)) {
    return [{ pointer: `${pointer}/${by}`, detail: `must be one of ${Object.keys(of).join(', ')}` }];
  }
  const isBranch = compiled(`${ID}#/$defs/${of[meant]}`);
  isBranch(value);
  return faultsIn(isBranch.errors ?? [], pointer);
}

function inWords(error: ErrorObject, base: string): Fault {
  if (error.keyword !== 'pattern') return faultOf({ error, base });
  const isUuid = error.schema === $defs.Spec001Uuid.pattern;
  return { pointer: base + error.instancePath, detail: isUuid ? 'must be a UUID' : 'must be three numbers, as 1.1.0' };
}

function compiled(id: string): ValidateFunction {
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`no schema ${id}`);
  return validate;
}
