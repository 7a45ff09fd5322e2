import { type JsonObject, objectAt, textAt } from '../../../domain/json';
import { COLLECTIONS, type Collection, JOB_KINDS, type JobName, readJobName } from '../job-name';
import { deadLetter, ignored, type Reading } from './reading';

const SERVICE = 'aiplatform.googleapis.com';

/**
 * Reads a Cloud Logging LogEntry (https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry): a pipeline
 * job's event, or an audit entry. The job's name is in `protoPayload.resourceName`, in `protoPayload.response.name`
 * (the resourceName of a Create may be the parent), or in `resource.labels`.
 */
export function readLogEntry(entry: JsonObject): Reading {
  const payload = objectAt(entry, 'protoPayload');
  const otherSource = otherSourceOf(entry, payload);
  if (otherSource) return ignored(`log entry of ${otherSource}, not of ${SERVICE}`);

  const method = methodOf(payload);
  // Reads are ignored: jobherald's own calls are audited as reads, and each would cause the next.
  if (/^(?:get|list)/i.test(method)) return ignored(`audit entry of ${method}, which changes nothing`);

  const name = jobOf(entry, payload);
  if (!name) return withoutJob(entry, payload, method);
  return { kind: 'job', name, id: textAt(entry, 'insertId'), ...claimOf(entry, method) };
}

/** Whether a JSON object is a LogEntry at all. */
export function isLogEntry(object: JsonObject): boolean {
  return ['protoPayload', 'jsonPayload', 'textPayload', 'logName', 'resource'].some((member) =>
    Object.hasOwn(object, member),
  );
}

/** The service or resource type of an entry that is not Vertex AI's. */
function otherSourceOf(entry: JsonObject, payload: JsonObject): string | undefined {
  const service = textAt(payload, 'serviceName');
  if (service) return service === SERVICE ? undefined : service;
  const type = textAt(objectAt(entry, 'resource'), 'type');
  if (!type || type === 'audited_resource' || type.startsWith(`${SERVICE}/`)) return undefined;
  return type;
}

function methodOf(payload: JsonObject): string {
  const method = textAt(payload, 'methodName') ?? '';
  return method.slice(method.lastIndexOf('.') + 1);
}

function jobOf(entry: JsonObject, payload: JsonObject): JobName | undefined {
  const names = [textAt(payload, 'resourceName'), textAt(objectAt(payload, 'response'), 'name')];
  for (const name of names) {
    const job = name && readJobName(name);
    if (job) return job;
  }
  return jobOfLabels(entry);
}

/**
 * The job of an entry's monitored resource. A PipelineJob has `pipeline_job_id`, `location` and `resource_container`
 * (`projects/{number}`). The labels of the other kinds are undocumented, so the likely ones are read too: `{kind}_id`
 * or `job_id`, with `project_id`.
 */
function jobOfLabels(entry: JsonObject): JobName | undefined {
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

/** Of a monitored resource type, `aiplatform.googleapis.com/PipelineJob`. */
function collectionOf(type: string | undefined): Collection | undefined {
  return COLLECTIONS.find((collection) => type === `${SERVICE}/${JOB_KINDS[collection].type}`);
}

function projectOfLog(entry: JsonObject): string | undefined {
  return /^projects\/([^/]+)\/logs\//.exec(textAt(entry, 'logName') ?? '')?.[1];
}

function snakeCase(type: string): string {
  return type.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase();
}

/**
 * The state that a pipeline job's entry claims. An audit entry records a request, not its outcome, so its state is left
 * out, as is the state of a pipeline's task.
 */
function claimOf(entry: JsonObject, method: string): { readonly state?: string; readonly message?: string } {
  if (method) return { message: method };
  const state = textAt(objectAt(entry, 'jsonPayload'), 'state');
  return state?.startsWith('PIPELINE_STATE_') || state?.startsWith('JOB_STATE_') ? { state } : {};
}

function withoutJob(entry: JsonObject, payload: JsonObject, method: string): Reading {
  if (objectAt(payload, 'status')['code']) return ignored(`audit entry of a refused ${method}, which made no job`);
  const resource = textAt(payload, 'resourceName');
  if (resource && /\/locations\/[^/]+\/./.test(resource))
    return ignored(`log entry of ${resource.slice(0, 200)}, which is not a job`);
  const type = textAt(objectAt(entry, 'resource'), 'type');
  if (type?.startsWith(`${SERVICE}/`) && !collectionOf(type))
    return ignored(`log entry of a ${type}, which is not a job`);
  return deadLetter(
    'the log entry names no job in protoPayload.resourceName, protoPayload.response.name or resource.labels',
  );
}
