import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';
import { hasStatus, SetupError, statusMessage } from './setup-errors';

const { IndexedValueType } = temporal.api.enums.v1;

type Type = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES]['type'];

/** A search attribute under the three names its type has: the SDK's, the server API's and the CLI's. */
export interface SearchAttribute {
  readonly name: string;
  readonly type: Type;
  readonly indexedValueType: temporal.api.enums.v1.IndexedValueType;
  /** As in `temporal … --search-attribute JobState=Keyword`, and what operators read. */
  readonly typeName: string;
}

const TYPES: Readonly<Record<Type, Pick<SearchAttribute, 'indexedValueType' | 'typeName'>>> = {
  KEYWORD: { indexedValueType: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, typeName: 'Keyword' },
  KEYWORD_LIST: { indexedValueType: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST, typeName: 'KeywordList' },
  DATETIME: { indexedValueType: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME, typeName: 'Datetime' },
};

/** Every search attribute that a namespace needs, in a fixed order. */
export const REQUIRED_SEARCH_ATTRIBUTES: readonly SearchAttribute[] = Object.values(SEARCH_ATTRIBUTES).map((key) => ({
  ...key,
  ...TYPES[key.type],
}));

const LOOK_EVERY_MS = 200;
/** Servers cache search attributes for a minute. */
const USABLE_WITHIN_MS = 120_000;

/** A value of each type, for queries that test whether the attribute is known. */
const ANY_VALUE = { KEYWORD: "'x'", KEYWORD_LIST: "'x'", DATETIME: "'2000-01-01T00:00:00Z'" } as const;

/**
 * The required search attributes that the namespace lacks.
 * @throws {SetupError} `wrong_type`
 */
export async function missingSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<readonly SearchAttribute[]> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    refuseOtherTypes(namespace, customAttributes);
    return REQUIRED_SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
  } catch (error) {
    // Temporal Cloud does not offer the operator API; a query shows whether an attribute exists, though not its type.
    if (hasStatus(error, 'PERMISSION_DENIED', 'UNIMPLEMENTED', 'UNAUTHENTICATED'))
      return missingByQuery(connection, namespace);
    throw error;
  }
}

/**
 * Adds what the namespace lacks and waits until queries know it. Resolves with the names added; running it twice, or
 * twice at once, is harmless.
 * @throws {SetupError} `wrong_type`, `not_allowed`, `refused`
 */
export async function setUpSearchAttributes(connection: Connection, namespace: string): Promise<readonly string[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(missing.map(({ name, indexedValueType }) => [name, indexedValueType]));
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    } catch (error) {
      if (!hasStatus(error, 'ALREADY_EXISTS')) throw refusal(namespace, missing, error);
    }
  }
  await untilUsable(connection, namespace);
  return missing.map(({ name }) => name);
}

/** Adding an attribute under another type is accepted by the server and does nothing, so it has to be noticed here. */
function refuseOtherTypes(namespace: string, present: Readonly<Record<string, number>>): void {
  const wrong = REQUIRED_SEARCH_ATTRIBUTES.filter(
    ({ name, indexedValueType }) => name in present && present[name] !== indexedValueType,
  );
  if (wrong.length === 0) return;
  throw new SetupError(
    'wrong_type',
    `namespace ${namespace} has search attributes of these names with another type; needed are ${describe(wrong)}. ` +
      'Remove them ("temporal operator search-attribute remove") or use another namespace',
  );
}

async function missingByQuery(connection: Connection, namespace: string): Promise<readonly SearchAttribute[]> {
  const known = await Promise.all(
    REQUIRED_SEARCH_ATTRIBUTES.map(({ name, type }) => canQuery(connection, namespace, `${name} = ${ANY_VALUE[type]}`)),
  );
  return REQUIRED_SEARCH_ATTRIBUTES.filter((_, index) => !known[index]);
}

async function canQuery(connection: Connection, namespace: string, query: string): Promise<boolean> {
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return true;
  } catch (error) {
    if (hasStatus(error, 'INVALID_ARGUMENT')) return false;
    throw error;
  }
}

async function untilUsable(connection: Connection, namespace: string): Promise<void> {
  const deadline = Date.now() + USABLE_WITHIN_MS;
  for (;;) {
    const missing = await missingByQuery(connection, namespace);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new SetupError(
        'refused',
        `namespace ${namespace} took ${describe(missing)} but does not let them be queried`,
      );
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function refusal(namespace: string, missing: readonly SearchAttribute[], error: unknown): unknown {
  if (hasStatus(error, 'PERMISSION_DENIED', 'UNIMPLEMENTED', 'UNAUTHENTICATED')) {
    return new SetupError(
      'not_allowed',
      `this Temporal does not let us add search attributes to namespace ${namespace} (${statusMessage(error)}); ` +
        `add ${describe(missing)} with its own tools (Temporal Cloud: the Cloud UI or "tcld namespace search-attributes add")`,
      { cause: error },
    );
  }
  return new SetupError(
    'refused',
    `Temporal refuses search attributes ${describe(missing)} in namespace ${namespace}: ${statusMessage(error)}`,
    { cause: error },
  );
}

function describe(attributes: readonly SearchAttribute[]): string {
  return attributes.map(({ name, typeName }) => `${name} (${typeName})`).join(', ');
}
