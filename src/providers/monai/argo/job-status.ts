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
export function toJobStatus({ status }: ArgoWorkflow): ReadStatus {
  const { phase = '', message = '', startedAt, finishedAt } = status;
  const known = STATES.get(phase);
  // An unknown phase is never terminal: asking again is better than a wrong notification.
  const state = known ?? 'RUNNING';
  const explanation = text(message);
  return {
    status: {
      state,
      provider_state: phase || 'Pending',
      reason: null,
      message: explanation,
      error: state === 'FAILED' ? { code: phase, message: explanation ?? '' } : null,
      artifacts: toArtifacts(status),
      progress: null,
      started_at: text(startedAt),
      ended_at: text(finishedAt),
      native: { stats: toStats(status) },
    },
    ...(known ? {} : { warning: `unknown Argo phase ${phase}: treated as RUNNING` }),
  };
}

/** `taskStats` of the update. MONAI's values are all texts. */
function toStats({ startedAt, finishedAt, resourcesDuration = {} }: ArgoWorkflow['status']): Record<string, string> {
  const [started, finished] = [text(startedAt), text(finishedAt)];
  return {
    ...(started && { startedAt: started }),
    ...(finished && { finishedAt: finished }),
    ...(started && finished && { duration: String(Math.max(0, Date.parse(finished) - Date.parse(started))) }),
    ...Object.fromEntries(
      Object.entries(resourcesDuration).map(([resource, seconds]) => [`resourceDuration.${resource}`, String(seconds)]),
    ),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A workflow may have thousands of nodes. */
const MAX_ARTIFACTS = 100;
/** Argo stores the log of every pod under such a name. */
const LOGS = /^main-logs$|-logs$/;

/** The outputs of the workflow's nodes, each location once. */
function toArtifacts({ nodes = {}, artifactRepositoryRef }: ArgoWorkflow['status']): readonly Artifact[] {
  const repository = artifactRepositoryRef?.artifactRepository ?? {};
  const artifacts = Object.values(nodes)
    .flatMap(({ outputs }) => outputs?.artifacts ?? [])
    .filter(({ name = '' }) => !LOGS.test(name))
    .flatMap((artifact) => toArtifact(artifact, repository));
  const byUri = new Map(artifacts.map((artifact) => [artifact.uri, artifact]));
  return [...byUri.values()].slice(0, MAX_ARTIFACTS);
}

function toArtifact({ s3, gcs }: ArgoArtifact, repository: ArgoLocation): readonly Artifact[] {
  const s3Bucket = s3?.bucket ?? repository.s3?.bucket;
  if (s3?.key && s3Bucket) return [{ uri: `s3://${s3Bucket}/${s3.key}`, type: 'S3' }];
  const gcsBucket = gcs?.bucket ?? repository.gcs?.bucket;
  if (gcs?.key && gcsBucket) return [{ uri: `gs://${gcsBucket}/${gcs.key}`, type: 'GCS' }];
  return [];
}
