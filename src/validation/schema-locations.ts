import { schemas } from '../../schemas';
import { escapePointer } from './escape-pointer';

/**
 * Where each part of every schema stands, as an absolute reference to it. The validator's own `schemaPath` does not say
 * so for what is reached by a `$ref`.
 */
export const SCHEMA_LOCATIONS: ReadonlyMap<unknown, string> = new Map(
  Object.values(schemas).flatMap((schema) => locationsIn(schema, `${schema.$id}#`)),
);

function locationsIn(part: unknown, at: string): [part: unknown, location: string][] {
  if (typeof part !== 'object' || part === null) return [];
  const members = Object.entries(part).flatMap(([name, member]) =>
    locationsIn(member, `${at}/${encodeURIComponent(escapePointer(name))}`),
  );
  return [[part, at], ...members];
}
