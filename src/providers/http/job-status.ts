import { isTerminal, type JobState } from '../../domain/job-state';
import type { Artifact, JobError, JobStatus, Progress } from '../../domain/job-status';
import { fillUrlTemplate } from '../../domain/template';
import type { HttpOutput, HttpServiceConfig, HttpStateRule } from './config/http-config';
import { firstAt, numberAt, textAt, timeAt } from './values';

/** A job's status in the domain's terms, with a warning for everything that the configuration does not cover. */
export interface ReadStatus {
  readonly status: JobStatus;
  readonly warnings: readonly string[];
}

/** Prose is read whole: `boundedStatus` cuts every provider's and says how much is missing. */
const WHOLE = Number.POSITIVE_INFINITY;

/** Maps a service's status document by its configuration. Pure. */
export function toJobStatus(document: unknown, service: HttpServiceConfig): ReadStatus {
  const read = readState(document, service.state);
  const ended = isTerminal(read.state);
  const error = toError(document, service.error);
  // The outputs of a job that still runs may be incomplete.
  const { artifacts, omitted } = ended ? readArtifacts(document, service.outputs) : { artifacts: [], omitted: 0 };
  const status: JobStatus = {
    state: read.state,
    provider_state: read.providerState,
    reason: read.reason ?? textAt(document, service.reason, WHOLE) ?? null,
    message: textAt(document, service.message, WHOLE) ?? error?.message ?? null,
    error,
    artifacts,
    ...(omitted > 0 && { artifacts_total: artifacts.length + omitted }),
    progress: toProgress(document, service.progress),
    started_at: timeAt(document, service.startedAt),
    ended_at: ended ? timeAt(document, service.endedAt) : null,
  };
  return { status, warnings: [...unknownStateWarning(read, service, error), ...omittedWarning(omitted)] };
}

interface ReadState {
  readonly state: JobState;
  /** The service's own state; '' where the document has none. */
  readonly providerState: string;
  readonly reason: string | null;
  /** Neither the map nor a rule covers it. */
  readonly isUnknown: boolean;
}

/** The state by the first rule that matches, else by the map. An unknown state is never terminal. */
export function readState(document: unknown, { at, map, rules }: HttpServiceConfig['state']): ReadState {
  const providerState = textAt(document, at) ?? '';
  const rule = rules.find((each) => matches(document, providerState, each));
  if (rule) return { state: rule.state, providerState, reason: rule.reason || null, isUnknown: false };
  const mapped = Object.hasOwn(map, providerState) ? map[providerState] : undefined;
  return { state: mapped ?? 'RUNNING', providerState, reason: null, isUnknown: mapped === undefined };
}

/** All conditions that a rule names have to be met. */
function matches(
  document: unknown,
  providerState: string,
  { when, at, above, equals, present }: HttpStateRule,
): boolean {
  if (when !== null && when !== providerState) return false;
  if (above !== null && !((numberAt(document, at) ?? Number.NEGATIVE_INFINITY) > above)) return false;
  if (equals !== null && textAt(document, at) !== equals) return false;
  return present === null || (firstAt(document, at) !== undefined) === present;
}

function unknownStateWarning(
  { isUnknown, providerState }: ReadState,
  { state }: HttpServiceConfig,
  error: JobError | null,
): readonly string[] {
  if (!isUnknown) return [];
  const found = providerState === '' ? `no state at ${state.at.join(' or ')}` : `unknown state ${providerState}`;
  const said = error ? ` (it says ${[error.code, error.message].filter(Boolean).join(': ').slice(0, 200)})` : '';
  return [`${found}${said}: treated as RUNNING; add it to state.map`];
}

function omittedWarning(count: number): readonly string[] {
  return count === 0
    ? []
    : [`${count} ${count === 1 ? 'output' : 'outputs'} omitted: not a URI of up to 2048 characters`];
}

function toError(document: unknown, at: HttpServiceConfig['error']): JobError | null {
  const code = numberAt(document, at.code) ?? textAt(document, at.code);
  const message = textAt(document, at.message, WHOLE);
  return code === undefined && message === undefined ? null : { code: code ?? '', message: message ?? '' };
}

function toProgress(document: unknown, places: HttpServiceConfig['progress']): Progress | null {
  const numbers = Object.entries(places).flatMap(([name, at]) => {
    const number = numberAt(document, at);
    return number === undefined ? [] : [[name, number] as const];
  });
  return numbers.length === 0 ? null : Object.fromEntries(numbers);
}

/** Artifacts travel in histories and webhooks, which have size limits. How many there may be is every provider's bound. */
const MAX_URI = 2048;

/** A job's outputs, by the service's `outputs`: a text is one artifact, a list of texts is one for each. */
function readArtifacts(
  document: unknown,
  outputs: readonly HttpOutput[],
): { readonly artifacts: readonly Artifact[]; readonly omitted: number } {
  const found = outputs.flatMap((output) =>
    textsIn(firstAt(document, output.at)).map((value) => toArtifact(value, output)),
  );
  const artifacts = found.filter((artifact) => artifact !== undefined);
  return { artifacts, omitted: found.length - artifacts.length };
}

function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string' && item !== '');
}

function toArtifact(value: string, { type, uri: template }: HttpOutput): Artifact | undefined {
  if (value.length > MAX_URI || !value.isWellFormed()) return undefined;
  const uri = template === '' ? value : fillUrlTemplate(template, { value });
  // A data URI is the output itself, not its location.
  const isLocation = uri.length <= MAX_URI && URL.canParse(uri) && !/^data:/i.test(uri);
  return isLocation ? { uri, type } : undefined;
}
