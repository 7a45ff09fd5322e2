import { type SchemaName, schemas } from '../../../schemas';
import { SYSTEMS } from '../../providers/registry';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

/** What crosses the border by HTTP; the configuration does not. */
const PUBLISHED = [
  'Common',
  'Submission',
  'Completion',
  'Heartbeat',
  'RedeliveryRequest',
  'RetryRequest',
  'BulkRedeliveryRequest',
  'BulkRedelivery',
  'EndpointView',
  'Job',
  'JobList',
  'Problem',
  'StandardEvent',
  ...SYSTEMS.flatMap((system) => system.schemas?.published ?? []),
] as const satisfies readonly SchemaName[];

/**
 * The schemas of `schemas/` as OpenAPI components: each file and each of its `$defs` is one, and references go to
 * components in place of files.
 */
export function schemaComponents(): JsonObject {
  const components: Record<string, Json> = {};
  const add = (name: string, schema: Json): void => {
    if (name in components) throw new Error(`two schemas are called ${name}`);
    components[name] = withComponentRefs(schema);
  };
  for (const name of PUBLISHED) {
    const { $schema: _dialect, $id: _id, $defs = {}, ...schema } = schemas[name] as JsonObject;
    if (name !== 'Common') add(name, schema);
    for (const [definition, value] of Object.entries($defs as JsonObject)) add(definition, value);
  }
  return components;
}

function withComponentRefs(value: Json): Json {
  if (Array.isArray(value)) return value.map(withComponentRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string' ? componentRef(member) : withComponentRefs(member),
    ]),
  );
}

/** `job.schema.json#/$defs/JobPhase` and `#/$defs/JobPhase` are `JobPhase`; `job.schema.json` is `Job`. */
function componentRef(ref: string): string {
  const definition = /#\/\$defs\/(\w+)$/.exec(ref)?.[1];
  const name = definition ?? PUBLISHED.find((published) => schemas[published].$id.endsWith(`/${ref}`));
  if (name === undefined) throw new Error(`no component for ${ref}`);
  return `#/components/schemas/${name}`;
}
