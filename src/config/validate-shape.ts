import { schemas } from '../../schemas';
import type { ConfigFile } from '../../schemas/types';
import { schemaCompiler } from '../validation/compiler';
import { type Fault, membersOf } from './fault';
import { schemaFaults } from './schema-faults';

const validate = schemaCompiler().addSchema(schemas.Common).compile<ConfigFile>(schemas.ConfigFile);

export interface ValidatedShape {
  /** What was sound; whatever has a fault is left out, or undefined where it is an item of a list. */
  readonly file: ConfigFile;
  readonly faults: readonly Fault[];
}

/**
 * Holds a configuration against its schema.
 * @param value belongs to this function from now on: it is changed
 * @param expanded pointers of the strings that came from the environment, which knows no numbers: `port: ${PORT}`
 *   is a number where the schema asks for one
 */
export function validateShape(value: unknown, expanded: ReadonlySet<string>): ValidatedShape {
  validate(value);
  const retyped = (validate.errors ?? []).filter(({ keyword, instancePath, params, data }) => {
    if (keyword !== 'type' || !expanded.has(instancePath)) return false;
    const typed = typedText(String(data), params['type']);
    if (typed !== undefined) put(value, instancePath, typed);
    return typed !== undefined;
  });
  if (retyped.length > 0) validate(value);

  const faults = schemaFaults(validate.errors ?? []);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { file: {}, faults };
  for (const { pointer } of faults) put(value, pointer, undefined);
  return { file: value as ConfigFile, faults };
}

function typedText(text: string, type: unknown): number | boolean | undefined {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if ((type === 'number' || type === 'integer') && /^-?[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  return undefined;
}

function put(root: unknown, pointer: string, value: unknown): void {
  const members = [...membersOf(pointer)];
  const last = members.pop();
  const holder = members.reduce<unknown>((node, member) => memberOf(node, member), root);
  if (last === undefined || typeof holder !== 'object' || holder === null) return;
  if (value === undefined && !Array.isArray(holder)) delete (holder as Record<string, unknown>)[last];
  else (holder as Record<string, unknown>)[last] = value;
}

function memberOf(node: unknown, member: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[member] : undefined;
}
