import type { Artifact, JobError, JobStatus, Progress } from './job-status';
import type { JsonObject } from './json';
import { readTime } from './parse-time';
import { cutText, jsonBytes } from './text-size';

const KIB = 1024;

/** How long `message`, `error.message` and `reason` may be. */
export const MAX_TEXT_BYTES = 8 * KIB;
export const MAX_ARTIFACTS = 200;
export const MAX_URI_BYTES = 2 * KIB;
/** Of what only the provider's own format needs. */
const MAX_NATIVE_BYTES = 128 * KIB;
/** Names, codes and words that are no prose. */
const MAX_WORD_BYTES = 256;
const MAX_PROGRESS_MEMBERS = 32;

/**
 * A status as it may enter a run: a provider can answer anything, and a run has to carry it. What is cut says so; what is within
 * bounds stays as it is.
 */
export function boundedStatus(status: JobStatus): JobStatus {
  const { provider_state, reason, message, error, progress, started_at, ended_at, native } = status;
  const { artifacts_total: _, ...bounded } = {
    ...status,
    provider_state: cutText(provider_state, MAX_WORD_BYTES),
    reason: reason === null ? null : cutText(reason, MAX_TEXT_BYTES),
    message: message === null ? null : cutText(message, MAX_TEXT_BYTES),
    error: error && boundedError(error, MAX_TEXT_BYTES),
    progress: progress && boundedProgress(progress),
    started_at: boundedTime(started_at),
    ended_at: boundedTime(ended_at),
    ...(native && { native: boundedNative(native, MAX_NATIVE_BYTES) }),
  };
  return { ...bounded, ...boundedArtifacts(status, MAX_ARTIFACTS) };
}

/** The same again, and smaller: for what has to fit somewhere and does not. */
export function shrunkStatus(status: JobStatus, step: 1 | 2 | 3): JobStatus {
  const { artifacts_total: _, ...rest } = status;
  const fewer = { ...rest, ...boundedArtifacts(status, 10) };
  if (step === 1) return fewer;
  const { reason, message, error } = status;
  const shorter = {
    ...fewer,
    reason: reason === null ? null : cutText(reason, KIB),
    message: message === null ? null : cutText(message, KIB),
    error: error && boundedError(error, KIB),
  };
  if (step === 2 || !status.native) return shorter;
  return { ...shorter, native: boundedNative(smallMembers(status.native), 8 * KIB) };
}

function boundedError({ code, message }: JobError, maxBytes: number): JobError {
  return {
    code: typeof code === 'string' ? cutText(code, MAX_WORD_BYTES) : code,
    message: cutText(message, maxBytes),
  };
}

/** As many as may be, and how many there are where some are left out. */
function boundedArtifacts(
  { artifacts, artifacts_total }: JobStatus,
  most: number,
): Pick<JobStatus, 'artifacts' | 'artifacts_total'> {
  const total = artifacts_total ?? artifacts.length;
  const kept = artifacts.filter(isShort).slice(0, most).map(boundedArtifact);
  return { artifacts: kept, ...(kept.length < total && { artifacts_total: total }) };
}

/** Half an address leads nowhere, and half a query to something else. */
function isShort({ uri, query = '' }: Artifact): boolean {
  return jsonBytes(uri) - 2 <= MAX_URI_BYTES && jsonBytes(query) - 2 <= MAX_URI_BYTES;
}

function boundedArtifact(artifact: Artifact): Artifact {
  return { ...artifact, type: cutText(artifact.type, MAX_WORD_BYTES) };
}

function boundedProgress(progress: Progress): Progress {
  const members = Object.entries(progress);
  const isBounded = members.length <= MAX_PROGRESS_MEMBERS && members.every(([name]) => name.length <= MAX_WORD_BYTES);
  if (isBounded) return progress;
  return Object.fromEntries(
    members.filter(([name]) => name.length <= MAX_WORD_BYTES).slice(0, MAX_PROGRESS_MEMBERS),
  ) as Progress;
}

/** A provider of somebody's own may answer with anything, too. */
function boundedTime(time: string | null): string | null {
  return readTime(time) ? time : null;
}

/** Its largest members are left out, until the others fit. */
function boundedNative(native: JsonObject, maxBytes: number): JsonObject {
  if (jsonBytes(native) <= maxBytes) return native;
  const bySize = Object.entries(native)
    .map(([name, value]) => ({ name, value, size: jsonBytes(name) + jsonBytes(value) + 2 }))
    .sort((a, b) => a.size - b.size);
  const kept = new Set<string>();
  let bytes = 0;
  for (const { name, size } of bySize) {
    bytes += size;
    if (bytes > maxBytes) break;
    kept.add(name);
  }
  return Object.fromEntries(Object.entries(native).filter(([name]) => kept.has(name)));
}

/** Identities and words stay; results and the like go. */
function smallMembers(native: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(native).filter(([, value]) => jsonBytes(value) <= KIB));
}

const MAX_MEMO_STATUS_BYTES = 48 * KIB;

/** A status for a run's memo, which every list of runs carries: without what only a format needs, and small. */
export function memoStatus({ native: _, ...status }: JobStatus): JobStatus {
  let smaller: JobStatus = status;
  for (const step of [1, 2] as const) {
    if (jsonBytes(smaller) <= MAX_MEMO_STATUS_BYTES) break;
    smaller = shrunkStatus(status, step);
  }
  return smaller;
}
