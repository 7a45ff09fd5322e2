import { ProviderError } from '../provider';

/** The API's services that have jobs, by the name of their generated client. */
export type ServiceClient = 'JobServiceClient' | 'PipelineServiceClient' | 'GenAiTuningServiceClient';

interface JobKind {
  readonly client: ServiceClient;
  /** The resource's type. Its methods are `Get{type}`, `Cancel{type}` and `List{type}s`. */
  readonly type: string;
  /** Of which enum its states are. */
  readonly states: 'JOB_STATE' | 'PIPELINE_STATE';
  /** Whether LIST documents a filter by `state` and `create_time`. */
  readonly filtered: boolean;
  /** What is asked of each job in a LIST, so that a page stays small; empty where LIST has no `read_mask`. */
  readonly mask: readonly string[];
}

const LISTED = { filtered: true, mask: ['name', 'state', 'create_time', 'end_time'] } as const;

/**
 * The collections whose members are jobs: resources that end, and whose state the API returns.
 * Source: google/cloud/aiplatform/v1/{job,pipeline,genai_tuning}_service.proto.
 */
export const JOB_KINDS = {
  batchPredictionJobs: {
    client: 'JobServiceClient',
    type: 'BatchPredictionJob',
    states: 'JOB_STATE',
    filtered: true,
    // Of a job that succeeded, the statistics say whether all of it did.
    mask: [...LISTED.mask, 'completion_stats'],
  },
  customJobs: { client: 'JobServiceClient', type: 'CustomJob', states: 'JOB_STATE', ...LISTED },
  hyperparameterTuningJobs: {
    client: 'JobServiceClient',
    type: 'HyperparameterTuningJob',
    states: 'JOB_STATE',
    ...LISTED,
  },
  tuningJobs: { client: 'GenAiTuningServiceClient', type: 'TuningJob', states: 'JOB_STATE', filtered: false, mask: [] },
  trainingPipelines: { client: 'PipelineServiceClient', type: 'TrainingPipeline', states: 'PIPELINE_STATE', ...LISTED },
  pipelineJobs: { client: 'PipelineServiceClient', type: 'PipelineJob', states: 'PIPELINE_STATE', ...LISTED },
  nasJobs: { client: 'JobServiceClient', type: 'NasJob', states: 'JOB_STATE', ...LISTED },
} as const satisfies Readonly<Record<string, JobKind>>;

export type Collection = keyof typeof JOB_KINDS;

export const COLLECTIONS = Object.keys(JOB_KINDS) as readonly Collection[];

/** The parts of `projects/{project}/locations/{location}/{collection}/{id}`. */
export interface JobName {
  /** Id or number. */
  readonly project: string;
  readonly location: string;
  readonly collection: Collection;
  readonly id: string;
}

/** Project id to project number, as configured under `providers.vertex-ai.projects`. */
export type Projects = Readonly<Record<string, string>>;

/** Full resource names begin like this (https://google.aip.dev/122#full-resource-names). */
const SERVICE_PREFIX = /^\/\/(?:[a-z0-9-]+-)?aiplatform\.googleapis\.com\//;
/** The location becomes part of a host name, so it has to be a DNS label. */
const SCOPE = /projects\/([A-Za-z0-9][A-Za-z0-9.:_-]*)\/locations\/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/;
const NAME = new RegExp(`^${SCOPE.source}\\/([A-Za-z]+)\\/([A-Za-z0-9][A-Za-z0-9_-]*)$`);
/** A scope, with a collection behind it or without. */
const TRACKED_SCOPE = new RegExp(`^${SCOPE.source}(?:\\/([A-Za-z]+))?$`);

/**
 * Parses a job name. A leading slash and a `//aiplatform.googleapis.com/` prefix are accepted.
 * @throws {ProviderError} `invalid_job_name`
 */
export function parseJobName(text: string): JobName {
  const name = readJobName(text);
  if (!name) {
    throw new ProviderError(
      'invalid_job_name',
      `"${text.slice(0, 200)}" is not a Vertex AI job: expected projects/{project}/locations/{location}/{collection}/{id}, ` +
        `where {collection} is one of ${COLLECTIONS.join(', ')}`,
    );
  }
  return name;
}

/** {@link parseJobName} for any text: undefined where it is not a job's name. */
export function readJobName(text: string): JobName | undefined {
  const [, project, location, collection, id] = NAME.exec(relative(text)) ?? [];
  if (!project || !location || !collection || !id || !isCollection(collection)) return undefined;
  return { project, location, collection, id };
}

/** The canonical name of a job: relative, with the project's number where the configuration has it. */
export function formatJobName({ id, ...group }: JobName, projects: Projects): string {
  return `${formatGroup(group, projects)}/${id}`;
}

function formatGroup({ project, location, collection }: JobGroup, projects: Projects): string {
  const number = Object.hasOwn(projects, project) ? projects[project] : undefined;
  return `${formatScope({ project: number ?? project, location })}/${collection}`;
}

/** @throws {ProviderError} `invalid_job_name` */
export function canonicalJobName(text: string, projects: Projects): string {
  return formatJobName(parseJobName(text), projects);
}

/** What has a quota of its own: `projects/{project}/locations/{location}`. */
export function scopeOf(name: string): string {
  return name.split('/', 4).join('/');
}

export function formatScope({ project, location }: Pick<JobName, 'project' | 'location'>): string {
  return `projects/${project}/locations/${location}`;
}

/** What one LIST covers. */
export type JobGroup = Omit<JobName, 'id'>;

/** Of a scope without a collection behind it. */
const DEFAULT_COLLECTION: Collection = 'batchPredictionJobs';

/** Parses `projects/{project}/locations/{location}[/{collection}]`; undefined for any other text. */
export function readTrackedScope(text: string): JobGroup | undefined {
  const [, project, location, collection = DEFAULT_COLLECTION] = TRACKED_SCOPE.exec(relative(text)) ?? [];
  return project && location && isCollection(collection) ? { project, location, collection } : undefined;
}

/** {@link readTrackedScope}, with the project's number where it is configured; any other text as it is. */
export function canonicalTrackedScope(text: string, projects: Projects): string {
  const group = readTrackedScope(text);
  return group ? formatGroup(group, projects) : text;
}

/**
 * What is wrong with a canonical scope to be tracked; undefined where nothing is. Vertex AI lists jobs under their
 * project's number, so a project whose number is not known here would give each job two names.
 */
export function faultOfTrackedScope(scope: string): string | undefined {
  const group = readTrackedScope(scope);
  if (!group) {
    return `must be projects/{project}/locations/{location}, or that and one of ${COLLECTIONS.map((name) => `/${name}`).join(', ')}`;
  }
  const { project } = group;
  if (/^[0-9]+$/.test(project)) return undefined;
  return (
    `names the project ${project} by its id, but Vertex AI lists jobs under the number: add providers.vertex-ai.projects: ` +
    `{ ${project}: NUMBER }, which "gcloud projects describe ${project} --format='value(projectNumber)'" prints`
  );
}

/** The resource name from `projects/` on. */
function relative(text: string): string {
  return text.trim().replace(SERVICE_PREFIX, '').replace(/^\//, '');
}

function isCollection(text: string): text is Collection {
  return Object.hasOwn(JOB_KINDS, text);
}
