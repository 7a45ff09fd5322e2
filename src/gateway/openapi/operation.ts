import { PROBLEM_STATUS, PROBLEM_TITLE, type ProblemCode } from '../problems/problem';

/** One method of one path, as OpenAPI 3.1 describes it. Source: https://spec.openapis.org/oas/v3.1.1.html */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object | undefined;
  readonly responses: Readonly<Record<string, object>>;
}

export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export function schemaRef(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

/** A JSON answer. */
export function answer(description: string, schema: object, headers?: object): object {
  return { description, content: { 'application/json': { schema } }, ...(headers && { headers }) };
}

/** The refusals that an operation can answer with, by their codes; several of one status share a response. */
export function refusals(...codes: readonly ProblemCode[]): Readonly<Record<string, object>> {
  const titles = new Map<number, string[]>();
  for (const code of codes) {
    titles.set(PROBLEM_STATUS[code], [...(titles.get(PROBLEM_STATUS[code]) ?? []), `${code}: ${PROBLEM_TITLE[code]}.`]);
  }
  const content = { 'application/problem+json': { schema: schemaRef('Problem') } };
  return Object.fromEntries([...titles].map(([status, texts]) => [status, { description: texts.join(' '), content }]));
}

export function jsonBody(schema: string, required: boolean): object {
  return { required, content: { 'application/json': { schema: schemaRef(schema) } } };
}
