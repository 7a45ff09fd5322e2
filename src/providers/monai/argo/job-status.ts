import type { JobState } from '../../../domain/job-state';
import type { JobStatus } from '../../../domain/job-status';
import { toArtifacts } from './artifacts';
import type { ArgoWorkflow } from './workflow';

const STATES: ReadonlyMap<string, JobState> = new Map([
  // Not seen by the controller yet.
  ['', 'PENDING'],
  ['Pending', 'PENDING'],
  ['Running', 'RUNNING'],
  ['Succeeded', 'COMPLETED'],
  ['Failed', 'FAILED'],
  ['Error', 'FAILED'],
]);

export interface ReadStatus {
  readonly status: JobStatus;
  /** Argo used a word that we do not know. */
  readonly warning?: string;
}

/** Maps what Argo says of a workflow. Pure. */
export function toJobStatus({ status }: ArgoWorkflow): ReadStatus {
  const { phase = '', message = '', startedAt, finishedAt } = status;
  const known = STATES.get(phase);
  // An unknown phase is never an end: better to ask again than to tell what is not so.
  const state = known ?? 'RUNNING';
  const told = text(message);
  return {
    status: {
      state,
      provider_state: phase || 'Pending',
      reason: null,
      message: told,
      error: state === 'FAILED' ? { code: phase, message: told ?? '' } : null,
      artifacts: toArtifacts(status),
      progress: null,
      started_at: text(startedAt),
      ended_at: text(finishedAt),
      native: { stats: toStats(status) },
    },
    ...(known ? {} : { warning: `unknown Argo phase ${phase}: watched on as running` }),
  };
}

/** `taskStats` of the update, in MONAI's words: texts only. */
function toStats({ startedAt, finishedAt, resourcesDuration = {} }: ArgoWorkflow['status']): Record<string, string> {
  const [began, ended] = [text(startedAt), text(finishedAt)];
  return {
    ...(began && { startedAt: began }),
    ...(ended && { finishedAt: ended }),
    ...(began && ended && { duration: String(Math.max(0, Date.parse(ended) - Date.parse(began))) }),
    ...Object.fromEntries(
      Object.entries(resourcesDuration).map(([resource, seconds]) => [`resourceDuration.${resource}`, String(seconds)]),
    ),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
