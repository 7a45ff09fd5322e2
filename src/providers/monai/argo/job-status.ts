import type { JobState } from '../../../domain/job-state';
import type { Artifact, JobStatus } from '../../../domain/job-status';
import type { ArgoArtifact, ArgoLocation, ArgoWorkflow } from './workflow';

const STATES: ReadonlyMap<string, JobState> = new Map([
  // Not processed by the controller yet.
  ['', 'PENDING'],
  ['Pending', 'PENDING'],
  ['Running', 'RUNNING'],
  ['Succeeded', 'COMPLETED'],
  ['Failed', 'FAILED'],
  ['Error', 'FAILED'],
]);

/** A task's status in the domain's terms, with a warning where Argo's phase is unknown. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warning?: string;
}

/** Maps a workflow. Pure. */
export function toJobStatus(workflow: ArgoWorkflow): ReadStatus {
  const { phase, message, startedAt, finishedAt } = workflow;
  const known = STATES.get(phase);
  // An unknown phase is never terminal: asking again is better than a wrong notification.
  const state = known ?? 'RUNNING';
  return {
    status: {
      state,
      provider_state: phase || 'Pending',
      reason: null,
      message,
      error: state === 'FAILED' ? { code: phase, message: message ?? '' } : null,
      artifacts: toArtifacts(workflow),
      progress: null,
      started_at: startedAt,
      ended_at: finishedAt,
      native: { stats: toStats(workflow) },
    },
    ...(known ? {} : { warning: `unknown Argo phase ${phase}: treated as RUNNING` }),
  };
}

/** `taskStats` of the update. MONAI's values are all texts. */
function toStats({ startedAt, finishedAt, resourcesDuration }: ArgoWorkflow): Record<string, string> {
  return {
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
    ...(startedAt && finishedAt && { duration: String(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))) }),
    ...Object.fromEntries(
      Object.entries(resourcesDuration).map(([resource, seconds]) => [`resourceDuration.${resource}`, seconds]),
    ),
  };
}

/** Argo stores the log of every pod under such a name. */
const LOGS = /^main-logs$|-logs$/;

/** The outputs of the workflow's nodes, each location once. */
function toArtifacts({ artifacts, repository }: ArgoWorkflow): readonly Artifact[] {
  const found = artifacts.filter(({ name }) => !LOGS.test(name)).flatMap((each) => toArtifact(each, repository));
  const byUri = new Map(found.map((artifact) => [artifact.uri, artifact]));
  return [...byUri.values()];
}

function toArtifact({ s3, gcs }: ArgoArtifact, repository: ArgoLocation): readonly Artifact[] {
  const s3Bucket = s3.bucket ?? repository.s3.bucket;
  if (s3.key && s3Bucket) return [{ uri: `s3://${s3Bucket}/${s3.key}`, type: 'S3' }];
  const gcsBucket = gcs.bucket ?? repository.gcs.bucket;
  if (gcs.key && gcsBucket) return [{ uri: `gs://${gcsBucket}/${gcs.key}`, type: 'GCS' }];
  return [];
}
