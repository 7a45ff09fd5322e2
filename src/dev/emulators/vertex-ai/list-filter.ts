import type { EmulatedJob } from './job-store';

/** Why the API refuses a filter. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

type Predicate = (job: EmulatedJob) => boolean;

const EQUALITY = ['=', '!='] as const;
const COMPARISON = [...EQUALITY, '<', '<=', '>', '>='] as const;
const TEXT = [...EQUALITY, ':'] as const;

type Operator = (typeof COMPARISON)[number] | ':';

/** The fields that the protos document for LIST, with their operators. Labels are beside it. */
const FIELDS: Readonly<Record<string, readonly Operator[]>> = {
  display_name: TEXT,
  state: EQUALITY,
  create_time: COMPARISON,
};

/** What the protos document beyond it. LIST of tuning jobs documents no filter at all. */
const FIELDS_OF: Readonly<Record<string, Readonly<Record<string, readonly Operator[]>>>> = {
  batchPredictionJobs: { ...FIELDS, model_display_name: EQUALITY },
  customJobs: FIELDS,
  hyperparameterTuningJobs: FIELDS,
  nasJobs: FIELDS,
  trainingPipelines: { ...FIELDS, training_task_definition: TEXT },
  pipelineJobs: {
    ...FIELDS,
    pipeline_name: EQUALITY,
    pipeline_job_user_id: TEXT,
    template_uri: TEXT,
    update_time: COMPARISON,
    end_time: COMPARISON,
  },
};

const STATES: Readonly<Record<string, RegExp>> = {
  JOB: /^JOB_STATE_(?:UNSPECIFIED|QUEUED|PENDING|RUNNING|SUCCEEDED|FAILED|CANCELLING|CANCELLED|PAUSED|EXPIRED|UPDATING|PARTIALLY_SUCCEEDED)$/,
  PIPELINE: /^PIPELINE_STATE_(?:UNSPECIFIED|QUEUED|PENDING|RUNNING|SUCCEEDED|FAILED|CANCELLING|CANCELLED|PAUSED)$/,
};

/**
 * Reads a filter as LIST of a collection takes it: the fields and operators that the protos document, joined by AND, OR
 * and NOT, of which OR binds closer than AND (https://google.aip.dev/160). Whatever else the real API may take, jobherald
 * has no business relying on it.
 * @throws {FilterError}
 */
export function parseFilter(text: string, collection: string): Predicate {
  if (text.trim() === '') return () => true;
  const fields = FIELDS_OF[collection];
  if (!fields) throw new FilterError(`no filter is documented for ${collection}`);
  const alternatives = splitAt(tokensOf(text), 'AND').map((part) =>
    splitAt(part, 'OR').map((term) => termOf(term, fields, collection)),
  );
  return (job) => alternatives.every((terms) => terms.some((matches) => matches(job)));
}

interface Restriction {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

type Token = Restriction | 'AND' | 'OR' | 'NOT';

const WORD = /\s*(AND|OR|NOT)(?=\s|$)/y;
const RESTRICTION =
  /\s*([a-z_]+(?:\.[A-Za-z0-9_-]+)?)\s*(!=|<=|>=|=|<|>|:)\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_.*-]+))(?=\s|$)/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; text.slice(at).trim() !== ''; ) {
    WORD.lastIndex = RESTRICTION.lastIndex = at;
    const [word, name] = WORD.exec(text) ?? [];
    const [restriction, field = '', operator, quoted, plain] = word === undefined ? (RESTRICTION.exec(text) ?? []) : [];
    const found = word ?? restriction;
    if (found === undefined) throw new FilterError(`cannot read the filter at ${text.slice(at).trim()}`);
    if (name !== undefined) tokens.push(name as 'AND' | 'OR' | 'NOT');
    else tokens.push({ field, operator: operator as Operator, value: quoted ?? plain ?? '' });
    at += found.length;
  }
  return tokens;
}

function splitAt(tokens: readonly Token[], word: 'AND' | 'OR'): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token === word) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function termOf(tokens: readonly Token[], fields: (typeof FIELDS_OF)[string], collection: string): Predicate {
  const [first, second, ...rest] = tokens;
  if (first === 'NOT' && typeof second === 'object' && rest.length === 0) {
    const matches = restrictionOf(second, fields, collection);
    return (job) => !matches(job);
  }
  if (typeof first !== 'object' || second !== undefined) {
    throw new FilterError('needs AND or OR between two restrictions, and a restriction at either side of each');
  }
  return restrictionOf(first, fields, collection);
}

function restrictionOf(
  { field, operator, value }: Restriction,
  fields: (typeof FIELDS_OF)[string],
  collection: string,
): Predicate {
  const [name = '', label] = field.split('.');
  if (name === 'labels' && label !== undefined) return labelPredicate(label, operator, value);
  const operators = Object.hasOwn(fields ?? {}, field) ? fields?.[field] : undefined;
  if (!operators) throw new FilterError(`${field} is no field that ${collection} can be filtered by`);
  if (!operators.includes(operator)) throw new FilterError(`${field} does not support ${operator}`);
  const member = camelCase(field);
  if (field.endsWith('_time')) return timePredicate(member, operator, value);
  if (field === 'state') {
    const kind = /^(?:trainingPipelines|pipelineJobs)$/.test(collection) ? 'PIPELINE' : 'JOB';
    if (!STATES[kind]?.test(value)) throw new FilterError(`${value} is no state of ${collection}`);
  }
  const pattern = operator === ':' ? wildcard(value) : undefined;
  return (job) => {
    const text = String(job[member] ?? '');
    if (pattern) return pattern.test(text);
    return (text === value) === (operator === '=');
  };
}

function labelPredicate(label: string, operator: Operator, value: string): Predicate {
  const exists = operator === ':' && value === '*';
  if (operator !== '=' && !exists) throw new FilterError('labels support = and :*');
  return ({ labels }) => {
    const found = (labels as Readonly<Record<string, string>> | undefined)?.[label];
    return exists ? found !== undefined : found === value;
  };
}

function timePredicate(member: string, operator: Operator, value: string): Predicate {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new FilterError(`${value} is no time in RFC 3339`);
  const compare: Readonly<Record<string, (at: number) => boolean>> = {
    '=': (at) => at === time,
    '!=': (at) => at !== time,
    '<': (at) => at < time,
    '<=': (at) => at <= time,
    '>': (at) => at > time,
    '>=': (at) => at >= time,
  };
  return (job) => compare[operator]?.(Date.parse(String(job[member] ?? ''))) ?? false;
}

function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

export function camelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
