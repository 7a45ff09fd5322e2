import { type JsonObject, objectAt, textAt } from '../../../domain/json';
import { type JobName, readJobName } from '../job-name';
import { deadLetter, ignored, type Reading } from './reading';
import { isJobType, jobOfLabels } from './resource-labels';

const SERVICE = 'aiplatform.googleapis.com';

/**
 * Reads a Cloud Logging LogEntry (https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry): a pipeline
 * job's event, or an audit entry. The job is named by `protoPayload.resourceName`, by `protoPayload.response.name`
 * (a Create's resourceName may be the parent), else by `resource.labels`.
 */
export function readLogEntry(entry: JsonObject): Reading {
  const payload = objectAt(entry, 'protoPayload');
  const stranger = strangerOf(entry, payload);
  if (stranger) return ignored(`log entry of ${stranger}, not of ${SERVICE}`);

  const method = methodOf(payload);
  // Reading a job wakes nobody: jobherald's own polls are audited as reads, and each would cause the next.
  if (/^(?:get|list)/i.test(method)) return ignored(`audit entry of ${method}, which changes nothing`);

  const name = jobOf(entry, payload);
  if (!name) return namesNoJob(entry, payload, method);
  return { kind: 'job', name, id: textAt(entry, 'insertId'), ...wordsOf(entry, method) };
}

/** Whether a JSON object is a LogEntry at all. */
export function isLogEntry(object: JsonObject): boolean {
  return ['protoPayload', 'jsonPayload', 'textPayload', 'logName', 'resource'].some((member) =>
    Object.hasOwn(object, member),
  );
}

function jobOf(entry: JsonObject, payload: JsonObject): JobName | undefined {
  const names = [textAt(payload, 'resourceName'), textAt(objectAt(payload, 'response'), 'name')];
  for (const name of names) {
    const job = name && readJobName(name);
    if (job) return job;
  }
  return jobOfLabels(entry);
}

/** The other service or resource that an entry is of, where it says so. */
function strangerOf(entry: JsonObject, payload: JsonObject): string | undefined {
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

/**
 * An audit entry tells what was asked for, not what became of the job, so its state is left out; so is that of a
 * pipeline's task.
 */
function wordsOf(entry: JsonObject, method: string): { readonly state?: string; readonly message?: string } {
  if (method) return { message: method };
  const state = textAt(objectAt(entry, 'jsonPayload'), 'state');
  return state?.startsWith('PIPELINE_STATE_') || state?.startsWith('JOB_STATE_') ? { state } : {};
}

function namesNoJob(entry: JsonObject, payload: JsonObject, method: string): Reading {
  if (objectAt(payload, 'status')['code'])
    return ignored(`audit entry of a ${method} that was refused, so there is no job`);
  const resource = textAt(payload, 'resourceName');
  if (resource && /\/locations\/[^/]+\/./.test(resource))
    return ignored(`log entry of ${resource.slice(0, 200)}, which is no job`);
  const type = textAt(objectAt(entry, 'resource'), 'type');
  if (type?.startsWith(`${SERVICE}/`) && !isJobType(type)) return ignored(`log entry of a ${type}, which is no job`);
  return deadLetter(
    'the log entry names no job in protoPayload.resourceName, protoPayload.response.name or resource.labels',
  );
}
