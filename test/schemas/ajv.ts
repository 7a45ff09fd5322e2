import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { type SchemaName, schemas } from '../../schemas';

const ajv = addFormats(new Ajv2020({ allErrors: true, strict: true }));
for (const schema of Object.values(schemas)) ajv.addSchema(schema);

/** What a schema has against a value, as `pointer keyword`; empty when it is valid. */
export function violations(name: SchemaName, value: unknown): readonly string[] {
  const validate = ajv.getSchema(schemas[name].$id);
  if (!validate) throw new Error(`no schema ${name}`);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}
