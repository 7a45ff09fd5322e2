import { JobHeraldError } from '../domain/jobherald-error';
import type { Notice } from '../domain/notice';
import type { Hint, ReadHint } from './hint';
import type { HintResult, IngressContext } from './ingress';

const MIB = 1024 * 1024;

/** No hint is longer. */
export const MAX_HINT_BYTES = MIB;

/**
 * Bodies that are pushed are read so far, to be acknowledged: a message of a broker may have 10 MB, a third more in
 * base64, and one that was refused for its size would come again for days.
 */
export const MAX_PUSH_BYTES = 16 * MIB;

export function isOversized(body: Uint8Array | undefined): boolean {
  return body !== undefined && body.length > MAX_HINT_BYTES;
}

export const OVERSIZED: ReadHint = { kind: 'dead_letter', reason: 'the body has more than 1 MiB, which no hint needs' };

/** What it takes to take a hint. */
export type HintTaker = Omit<IngressContext, 'inbox'>;

/** Where an inbound notice came from, for the log and the count. */
export interface Origin {
  readonly provider: string;
  /** One of a few: it labels a metric. */
  readonly transport: string;
}

/** What identifies an inbound notice in the log. */
export type Sent =
  /** `event`: the place among several that came in one body. */
  { readonly request_id: string; readonly event?: number } | { readonly message_id: string };

/**
 * Takes what was read from an inbound notice. Resolves when the sender may forget it: the hint is safe in Temporal,
 * or it is of no use and would be of none if it came again. A hint for a job that nobody submitted is of the latter
 * kind: when the job is submitted, its provider is asked at once.
 * @throws {JobHeraldError} `unavailable` and whatever else may pass, so that the sender sends it again
 */
export async function takeHint(
  read: ReadHint,
  sent: Sent,
  { provider, transport }: Origin,
  taker: HintTaker,
): Promise<void> {
  const count = (result: HintResult): void => taker.metrics.hints.inc({ provider, transport, result });
  const about = { ...sent, provider, transport };

  if (read.kind === 'ignored') {
    count('ignored');
    taker.logger.debug({ ...about, reason: read.reason }, 'hint ignored');
    return;
  }
  if (read.kind === 'dead_letter') {
    count('dead_letter');
    taker.logger.warn({ ...about, reason: read.reason }, 'hint dead letter');
    reportDeadLetter(taker, about, read.reason);
    return;
  }

  const { hint } = read;
  const said = { job: hint.job, key: hint.key, state: hint.state };
  const handOn = () => taker.jobs.complete(hint.provider, hint.job, completionOf(hint));
  await take(handOn, { kind: 'hint', said }, sent, { provider, transport }, taker);
}

/** What is taken: its kind and what it says of itself are logged. */
export interface Taken {
  readonly kind: 'hint' | 'event';
  readonly said: Readonly<Record<string, unknown>>;
}

/**
 * Hands on what was read, and judges a refusal: what may pass is thrown, what will never be of use is done with.
 * @throws {JobHeraldError} `unavailable` and whatever else may pass, so that the sender sends it again
 */
export async function take(
  handOn: () => Promise<void>,
  { kind, said }: Taken,
  sent: Sent,
  { provider, transport }: Origin,
  taker: HintTaker,
): Promise<void> {
  const count = (result: HintResult): void => taker.metrics.hints.inc({ provider, transport, result });
  const about = { ...sent, provider, transport };
  try {
    await handOn();
    count('accepted');
    taker.logger.info({ ...about, ...said }, `${kind} accepted`);
  } catch (error) {
    const result = resultOf(error);
    count(result);
    if (result === 'unavailable') throw error;
    const line = { ...about, ...said, reason: (error as Error).message };
    if (result === 'unknown_job') {
      taker.logger.info(line, kind === 'hint' ? 'hint for an unknown job' : 'event of an unknown job');
      return;
    }
    taker.logger.warn(line, `${kind} dead letter`);
    reportDeadLetter(taker, about, (error as Error).message);
  }
}

/** The sender does not wait for it: what can never be used is acknowledged whether or not operators can be notified. */
export function reportDeadLetter(
  { notifyOperations, logger }: Pick<HintTaker, 'notifyOperations' | 'logger'>,
  about: object,
  reason: string,
): void {
  const timestamp = new Date().toISOString();
  const notice: Notice = {
    type: 'hint.dead_letter',
    timestamp,
    distinguishers: [JSON.stringify(about)],
    data: { ...about, reason },
  };
  notifyOperations?.(notice).catch((error: unknown) => {
    logger.error({ ...about, err: error }, 'operators could not be notified of a dead letter');
  });
}

function completionOf({ key, state, message }: Hint) {
  return { idempotency_key: key, ...(state !== undefined && { state }), ...(message !== undefined && { message }) };
}

/** How long a message waits over an error that nobody foresaw, before the last attempt, which may be 6 s later. */
const UNFORESEEN_FOR_MS = 3_000;

/**
 * Says when a message has waited long enough: at once where it is refused; never where what is in its way may pass; and after some
 * seconds where the error is one that nobody foresaw. That may be a moment's, but a message that fails each time would stop
 * all those behind it.
 */
export function createPatience(now: () => number = () => performance.now()): (error: unknown) => boolean {
  const since = now();
  return (error) => {
    if (resultOf(error) !== 'unavailable') return true;
    return isUnforeseen(error) && now() - since > UNFORESEEN_FOR_MS;
  };
}

/** Neither a refusal nor an outage: those of Temporal and of the network have codes. */
function isUnforeseen(error: unknown): boolean {
  if (error instanceof JobHeraldError) return false;
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { readonly code?: unknown };
    if (typeof code === 'number' || (typeof code === 'string' && /^E[A-Z]+$/.test(code))) return false;
    if (each.name === 'NamespaceNotFoundError') return false; // for an operator to register
  }
  return true;
}

/** What the same hint would come to again decides whether it is worth sending again. */
export function resultOf(error: unknown): HintResult {
  if (!(error instanceof JobHeraldError)) return 'unavailable';
  switch (error.code) {
    case 'job_not_found':
      return 'unknown_job';
    case 'bad_request':
    case 'unprocessable':
    case 'too_large':
      return 'dead_letter';
    default:
      return 'unavailable';
  }
}
