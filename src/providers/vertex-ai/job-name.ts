import { ProviderError } from '../provider';

/** The API's services that have jobs, by the name of their generated client. */
export type ServiceClient = 'JobServiceClient' | 'PipelineServiceClient' | 'GenAiTuningServiceClient';

interface JobKind {
  readonly client: ServiceClient;
  /** The resource's type. Its methods are `Get{type}` and `Cancel{type}`. */
  readonly type: string;
}

/** The collections whose members are jobs: resources that end, and whose state the API returns. */
export const JOB_KINDS = {
  batchPredictionJobs: { client: 'JobServiceClient', type: 'BatchPredictionJob' },
  customJobs: { client: 'JobServiceClient', type: 'CustomJob' },
  hyperparameterTuningJobs: { client: 'JobServiceClient', type: 'HyperparameterTuningJob' },
  tuningJobs: { client: 'GenAiTuningServiceClient', type: 'TuningJob' },
  trainingPipelines: { client: 'PipelineServiceClient', type: 'TrainingPipeline' },
  pipelineJobs: { client: 'PipelineServiceClient', type: 'PipelineJob' },
  nasJobs: { client: 'JobServiceClient', type: 'NasJob' },
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
const NAME =
  /^projects\/([A-Za-z0-9][A-Za-z0-9.:_-]*)\/locations\/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/([A-Za-z]+)\/([A-Za-z0-9][A-Za-z0-9_-]*)$/;

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
export function formatJobName({ project, location, collection, id }: JobName, projects: Projects): string {
  const number = Object.hasOwn(projects, project) ? projects[project] : undefined;
  return `projects/${number ?? project}/locations/${location}/${collection}/${id}`;
}

/** @throws {ProviderError} `invalid_job_name` */
export function canonicalJobName(text: string, projects: Projects): string {
  return formatJobName(parseJobName(text), projects);
}

/** The resource name from `projects/` on. */
function relative(text: string): string {
  return text.trim().replace(SERVICE_PREFIX, '').replace(/^\//, '');
}

function isCollection(text: string): text is Collection {
  return Object.hasOwn(JOB_KINDS, text);
}
