import { isObject } from '../../domain/json';

/** One entry of `results` in SPEC-001, as schemas/spec-001.schema.json has it; any other member is allowed. */
export type Spec001Result = AbsDirectory | AbsFiles | SnowflakeTable;

interface InBlobStorage {
  readonly storage_account: string;
  readonly container: string;
  readonly primary_resource: string;
}

interface AbsDirectory extends InBlobStorage {
  readonly type: 'ABS_DIRECTORY';
  readonly directory: string;
}

interface AbsFiles extends InBlobStorage {
  readonly type: 'ABS_FILES';
  readonly paths: readonly string[];
}

interface SnowflakeTable {
  readonly type: 'SNOWFLAKE_TABLE';
  readonly query: string;
  readonly primary_resource: string;
}

/** The members of each type that have to be texts. */
const TEXTS: Readonly<Record<Spec001Result['type'], readonly string[]>> = {
  ABS_DIRECTORY: ['storage_account', 'container', 'directory', 'primary_resource'],
  ABS_FILES: ['storage_account', 'container', 'primary_resource'],
  SNOWFLAKE_TABLE: ['query', 'primary_resource'],
};

/** The entries of `results` that the schema allows, unchanged. A workflow cannot run the schema's validator. */
export function resultsOf(results: unknown): readonly Spec001Result[] {
  return Array.isArray(results) ? results.filter(isResult) : [];
}

function isResult(value: unknown): value is Spec001Result {
  if (!isObject(value)) return false;
  const { type, paths, attributes } = value;
  if (typeof type !== 'string' || !Object.hasOwn(TEXTS, type)) return false;
  const texts = TEXTS[type as Spec001Result['type']];
  if (!texts.every((name) => typeof value[name] === 'string')) return false;
  if (attributes !== undefined && !isObject(attributes)) return false;
  return type !== 'ABS_FILES' || (Array.isArray(paths) && paths.every((path) => typeof path === 'string'));
}
