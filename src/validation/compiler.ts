import { Ajv2020 } from 'ajv/dist/2020';

/**
 * Compiles jobherald's own schemas. That they are sound is shown by tests and not at every start, and code that runs a few
 * times a second need not be optimized: together that is half of the time that compiling takes.
 */
export function schemaCompiler(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    validateSchema: false,
    code: { optimize: false },
  });
}
