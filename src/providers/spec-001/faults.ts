import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import { schemas } from '../../../schemas';
import type { Fault } from '../../domain/jobherald-error';
import { isObject } from '../../domain/json';
import { faultOf } from '../../validation/body-validator';
import { schemaCompiler } from '../../validation/compiler';

const { $id: ID, $defs } = schemas.Spec001Message;

const ajv = schemaCompiler();
ajv.addSchema(schemas.Spec001Message);

/** The places where the schema has a choice, the member that selects the branch, and the schema of each branch. */
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
 * The faults of a value by the schema of SPEC-001; none for a valid message. Of a choice only the selected branch counts:
 * a STATUS with a wrong status has no fault for not being a HEARTBEAT.
 */
export function spec001Faults(value: unknown): readonly Fault[] {
  const isMessage = compiled(ID);
  return isMessage(value) ? [] : faultsIn(isMessage.errors ?? [], '');
}

/** All faults in one sentence, without its full stop. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults.map(({ pointer, detail }) => `${pointer || 'The body'} ${detail}`).join('; ');
}

function faultsIn(errors: readonly ErrorObject[], base: string): readonly Fault[] {
  const all = errors.filter(({ keyword }) => keyword === 'oneOf');
  const isInside = ({ instancePath }: ErrorObject) =>
    all.some((choice) => instancePath.startsWith(`${choice.instancePath}/`));
  const choices = all.filter((choice) => !isInside(choice));
  const places = new Set(choices.map(({ instancePath }) => instancePath));
  const others = errors.filter((error) => !places.has(error.instancePath) && !isInside(error));
  return [
    ...others.map((error) => toFault(error, base)),
    ...choices.flatMap(({ instancePath, data }) => faultsOfChoice(data, base + instancePath)),
  ];
}

function faultsOfChoice(value: unknown, pointer: string): readonly Fault[] {
  const choice = CHOICES.find(({ at }) => at.test(pointer));
  if (choice === undefined) throw new Error(`the schema has an unknown choice at ${pointer}`);
  const { by, of } = choice;
  if (!isObject(value)) return [{ pointer, detail: 'must be a JSON object' }];
  const selected = value[by];
  if (selected === undefined) return [{ pointer: `${pointer}/${by}`, detail: 'is required' }];
  if (typeof selected !== 'string' || !Object.hasOwn(of, selected)) {
    return [{ pointer: `${pointer}/${by}`, detail: `must be one of ${Object.keys(of).join(', ')}` }];
  }
  const isBranch = compiled(`${ID}#/$defs/${of[selected]}`);
  isBranch(value);
  return faultsIn(isBranch.errors ?? [], pointer);
}

function toFault(error: ErrorObject, base: string): Fault {
  if (error.keyword !== 'pattern') return faultOf({ error, base });
  const isUuid = error.schema === $defs.Spec001Uuid.pattern;
  return { pointer: base + error.instancePath, detail: isUuid ? 'must be a UUID' : 'must be three numbers, as 1.1.0' };
}

function compiled(id: string): ValidateFunction {
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`no schema ${id}`);
  return validate;
}
