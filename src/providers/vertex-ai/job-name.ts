import { ProviderError } from '../provider';

/** The collections whose members are jobs: they end, and can be asked whether they have. */
export const COLLECTIONS = [
  'batchPredictionJobs',
  'customJobs',
  'hyperparameterTuningJobs',
  'tuningJobs',
  'trainingPipelines',
  'pipelineJobs',
  'nasJobs',
] as const;

export type Collection = (typeof COLLECTIONS)[number];

/** `projects/{project}/locations/{location}/{collection}/{id}`, taken apart. */
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
/** The location becomes part of a host name, so nothing but a DNS label is let through. */
const NAME =
  /^projects\/([A-Za-z0-9][A-Za-z0-9.:_-]*)\/locations\/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/([A-Za-z]+)\/([A-Za-z0-9][A-Za-z0-9_-]*)$/;

/**
 * Takes a job name apart. A leading slash and a `//aiplatform.googleapis.com/` prefix are accepted.
 * @throws {ProviderError} `invalid_job_name`
 */
export function parseJobName(text: string): JobName {
  const name = readJobName(text);
  if (!name) {
    throw new ProviderError(
      'invalid_job_name',
      `"${text.slice(0, 200)}" is no Vertex AI job: expected projects/{project}/locations/{location}/{collection}/{id}, ` +
        `where {collection} is one of ${COLLECTIONS.join(', ')}`,
    );
  }
  return name;
}

/** {@link parseJobName} for a text that may well be something else. */
export function readJobName(text: string): JobName | undefined {
  const [, project, location, collection, id] = NAME.exec(relative(text)) ?? [];
  if (!project || !location || !collection || !id || !isCollection(collection)) return undefined;
  return { project, location, collection, id };
}

/** The one spelling of a job: relative, with the project's number where the configuration knows it. */
export function formatJobName({ project, location, collection, id }: JobName, projects: Projects): string {
  const number = Object.hasOwn(projects, project) ? projects[project] : undefined;
  return `projects/${number ?? project}/locations/${location}/${collection}/${id}`;
}

/** @throws {ProviderError} `invalid_job_name` */
export function canonicalJobName(text: string, projects: Projects): string {
  return formatJobName(parseJobName(text), projects);
}

/** The resource name without what may stand before `projects/`. */
export function relative(text: string): string {
  return text.trim().replace(SERVICE_PREFIX, '').replace(/^\//, '');
}

function isCollection(text: string): text is Collection {
  return (COLLECTIONS as readonly string[]).includes(text);
}
