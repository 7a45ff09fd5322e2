import { type JsonObject, objectAt, textAt } from '../../../domain/json';
import { JOB_KINDS } from '../job-kind';
import { COLLECTIONS, type Collection, type JobName, readJobName } from '../job-name';

const TYPE_PREFIX = 'aiplatform.googleapis.com/';

/**
 * The job that an entry's monitored resource is. A PipelineJob has `pipeline_job_id`, `location` and
 * `resource_container` (`projects/{number}`). No other kind's labels are documented, so what they would most
 * likely be is read too: `{kind}_id` or `job_id`, with `project_id`.
 */
export function jobOfLabels(entry: JsonObject): JobName | undefined {
  const resource = objectAt(entry, 'resource');
  const labels = objectAt(resource, 'labels');
  const collection = collectionOf(textAt(resource, 'type'));
  if (!collection) return undefined;

  const id = textAt(labels, `${snakeCase(JOB_KINDS[collection].type)}_id`, 'job_id');
  const location = textAt(labels, 'location');
  const project = textAt(labels, 'resource_container', 'project_id') ?? projectOfLog(entry);
  if (!id || !location || !project) return undefined;
  return readJobName(`projects/${project.replace(/^projects\//, '')}/locations/${location}/${collection}/${id}`);
}

/** Whether a monitored resource type, `aiplatform.googleapis.com/PipelineJob`, is a kind of job. */
export function isJobType(type: string): boolean {
  return collectionOf(type) !== undefined;
}

function collectionOf(type: string | undefined): Collection | undefined {
  return COLLECTIONS.find((collection) => type === TYPE_PREFIX + JOB_KINDS[collection].type);
}

function projectOfLog(entry: JsonObject): string | undefined {
  return /^projects\/([^/]+)\/logs\//.exec(textAt(entry, 'logName') ?? '')?.[1];
}

function snakeCase(type: string): string {
  return type.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase();
}
