import type { JobEvent } from '../../domain/event';
import { TERMINAL_EVENT_TYPES } from '../../domain/event-type';
import { NAMESPACE } from '../../domain/identity';
import { isObject } from '../../domain/json';
import { isUuid, uuidV5 } from '../../domain/uuid';
import type { EventFormat, RenderContext, Rendered } from '../../formats/format';
import { resultsOf } from './results';

export const spec001Format: EventFormat = {
  render: renderSpec001,
  events: ['job.running', 'job.progress', ...TERMINAL_EVENT_TYPES],
  defaultEvents: ['job.running', 'job.progress'],
};

/** The version of SPEC-001 that messages are written in. */
const SPEC_VERSION = '1.1.0';

/** jobherald's own version, in `meta.source.version`; equal to that of package.json. */
const JOBHERALD_VERSION = '0.2.0';

/** The default source of messages. */
const SOURCE = { application: 'jobherald', environment_type: 'production' };

const ROWS = ['rows_completed', 'rows_ignored', 'rows_total'] as const;

/**
 * A STATUS message of SPEC-001, valid against its schema whatever the job's provider. Pure: it runs inside the workflow.
 * `results`, `description`, `batch_process` and `job_metadata` of a job that reports by SPEC-001 itself pass through;
 * the output of others goes into `job_metadata.artifacts`, because the schema has no results of their types.
 */
function renderSpec001(event: JobEvent, { source = SOURCE }: RenderContext): Rendered {
  const { id, data } = event;
  const { application, environment_type } = source;
  const correlation_id = correlationIdOf(event);
  const meta = {
    idempotency_key: id,
    correlation_id,
    source: { application, version: JOBHERALD_VERSION, environment_type },
    version: SPEC_VERSION,
  };
  const message = data.message ?? data.error?.message;
  const body = {
    meta,
    data: {
      notification_type: 'STATUS',
      status: data.state,
      ...(message !== undefined && { message }),
      ...progressOf(data.progress),
      ...(data.provider === 'spec-001' ? ownMembers(event) : foreignMembers(event)),
    },
  };
  return {
    content_type: 'application/json',
    headers: {},
    body: JSON.stringify(body),
    broker: { key: correlation_id, correlation_id },
  };
}

/** The job's correlation id, or the UUIDv5 of one that is not a UUID. Without one, the UUIDv5 of the workflow ID. */
function correlationIdOf({ data, workflow_id }: JobEvent): string {
  const own = data.correlation_id ?? (data.provider === 'spec-001' ? data.job : workflow_id);
  return isUuid(own) ? own : uuidV5(NAMESPACE, own);
}

/** The schema requires a percentage, and rows that are integers. */
function progressOf(progress: JobEvent['data']['progress']) {
  if (progress === null) return {};
  const { percentage_completed, rows_completed, rows_total } = progress;
  const percentage = percentage_completed ?? percentageOf(rows_completed, rows_total);
  if (percentage === undefined) return {};
  const rows = ROWS.filter((name) => Number.isInteger(progress[name])).map((name) => [name, progress[name]]);
  return { progress: { percentage_completed: percentage, ...Object.fromEntries(rows) } };
}

function percentageOf(done: number | undefined, total: number | undefined): number | undefined {
  return done !== undefined && total !== undefined && total > 0 ? (100 * done) / total : undefined;
}

/** The members of the job's last STATUS beside its state, as far as they are valid: a sender may write anything. */
function ownMembers({ native, data }: JobEvent) {
  const { description, results, batch_process } = native ?? {};
  const metadata = isObject(native?.['job_metadata']) ? native['job_metadata'] : {};
  // The reason, where the run ended the job.
  const job_metadata = data.reason === null ? metadata : { ...metadata, reason: data.reason };
  return {
    ...(typeof description === 'string' && { description }),
    ...(Array.isArray(results) && { results: resultsOf(results) }),
    ...(Object.keys(job_metadata).length > 0 && { job_metadata }),
    ...(isBatchProcess(batch_process) && { batch_process }),
  };
}

function foreignMembers({ data }: JobEvent) {
  const { provider, job, provider_state, reason, error, artifacts, started_at, ended_at, metadata, labels } = data;
  const { artifacts_total, metadata_omitted, labels_omitted } = data;
  return {
    job_metadata: {
      ...{ provider, job, provider_state, reason, error, artifacts, started_at, ended_at, metadata, labels },
      ...(artifacts_total !== undefined && { artifacts_total }),
      ...(metadata_omitted && { metadata_omitted }),
      ...(labels_omitted && { labels_omitted }),
    },
  };
}

function isBatchProcess(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { application_id, batch_process_id, batch_process_version: version } = value;
  return (
    typeof application_id === 'string' &&
    typeof batch_process_id === 'string' &&
    (version === undefined || isBatchProcessVersion(version))
  );
}

function isBatchProcessVersion(value: unknown): boolean {
  if (!isObject(value) || !Number.isInteger(value['major'])) return false;
  const isValidIfPresent = (name: string, is: (member: unknown) => boolean) =>
    value[name] === undefined || is(value[name]);
  const isText = (member: unknown) => typeof member === 'string';
  return (
    ['minor', 'patch'].every((name) => isValidIfPresent(name, Number.isInteger)) &&
    ['pre_release', 'build'].every((name) => isValidIfPresent(name, isText))
  );
}
