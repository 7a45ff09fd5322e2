import type { HttpServiceConfig } from '../../config/config';
import { isTerminal } from '../../domain/job-state';
import type { JobError, JobStatus, Progress } from '../../domain/job-status';
import { readArtifacts } from './artifacts';
import { type ReadState, readState } from './state';
import { timeAt } from './times';
import { numberAt, wordAt } from './words';

/** What a service says of a job, in our words. `warnings`: what the configuration has no word for. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warnings: readonly string[];
}

const MAX_MESSAGE = 4096;

/** Maps a service's answer by its configuration. Pure. */
export function toJobStatus(document: unknown, service: HttpServiceConfig): ReadStatus {
  const read = readState(document, service.state);
  const ended = isTerminal(read.state);
  const error = toError(document, service.error);
  // Of a job that goes on, an output may be half of one.
  const { artifacts, left } = ended ? readArtifacts(document, service.outputs) : { artifacts: [], left: 0 };
  const status: JobStatus = {
    state: read.state,
    provider_state: read.word,
    reason: read.reason ?? wordAt(document, service.reason) ?? null,
    message: wordAt(document, service.message, MAX_MESSAGE) ?? error?.message ?? null,
    error,
    artifacts,
    progress: toProgress(document, service.progress),
    started_at: timeAt(document, service.startedAt),
    ended_at: ended ? timeAt(document, service.endedAt) : null,
  };
  return { status, warnings: [...unknownState(read, service), ...leftOut(left)] };
}

function unknownState({ isUnknown, word }: ReadState, { state }: HttpServiceConfig): readonly string[] {
  if (!isUnknown) return [];
  const said = word === '' ? `no state at ${state.at.join(' or ')}` : `unknown state ${word}`;
  return [`${said}: watched on as running; add it to state.map`];
}

function leftOut(count: number): readonly string[] {
  return count === 0 ? [] : [`${count} outputs are no URI of up to 2048 characters, or beyond the hundredth: not told`];
}

function toError(document: unknown, at: HttpServiceConfig['error']): JobError | null {
  const code = numberAt(document, at.code) ?? wordAt(document, at.code);
  const message = wordAt(document, at.message, MAX_MESSAGE);
  return code === undefined && message === undefined ? null : { code: code ?? '', message: message ?? '' };
}

function toProgress(document: unknown, places: HttpServiceConfig['progress']): Progress | null {
  const numbers = Object.entries(places).flatMap(([name, at]) => {
    const number = numberAt(document, at);
    return number === undefined ? [] : [[name, number] as const];
  });
  return numbers.length === 0 ? null : Object.fromEntries(numbers);
}
