import type { Logger } from 'pino';
import { JobHeraldError } from '../../client/errors';
import type { Jobs } from '../../client/jobs';
import type { Notice } from '../../domain/notice';
import type { Hint, ReadHint } from '../../providers/hint';
import type { GatewayMetrics, HintResult } from '../observe/metrics';

export interface HintTaker {
  readonly jobs: Jobs;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** Tells operators, where an operations endpoint is configured. */
  readonly tellOperations?: (notice: Notice) => Promise<void>;
}

/** Where an inbound notice came from, for the log and the count. */
export interface Origin {
  readonly provider: string;
  readonly transport: 'pubsub' | 'eventarc' | 'pubsub_pull' | 'webhook' | 'rabbitmq';
}

/** What tells one inbound notice from another in the log. */
export type Sent = { readonly request_id: string } | { readonly message_id: string };

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
    tellDeadLetter(taker, about, read.reason);
    return;
  }

  const { hint } = read;
  try {
    await taker.jobs.complete(hint.provider, hint.job, completionOf(hint));
    count('accepted');
    taker.logger.info({ ...about, job: hint.job, key: hint.key, state: hint.state }, 'hint accepted');
  } catch (error) {
    const result = resultOf(error);
    count(result);
    if (result === 'unavailable') throw error;
    taker.logger[result === 'unknown_job' ? 'info' : 'warn'](
      { ...about, job: hint.job, key: hint.key, reason: (error as Error).message },
      result === 'unknown_job' ? 'hint for an unknown job' : 'hint dead letter',
    );
    if (result === 'dead_letter') tellDeadLetter(taker, about, (error as Error).message);
  }
}

/** The sender does not wait for it: what can never be used is acknowledged whether or not operators can be told. */
export function tellDeadLetter(
  { tellOperations, logger }: Pick<HintTaker, 'tellOperations' | 'logger'>,
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
  tellOperations?.(notice).catch((error: unknown) => {
    logger.error({ ...about, err: error }, 'operators could not be told of a dead letter');
  });
}

function completionOf({ key, state, message }: Hint) {
  return { idempotency_key: key, ...(state !== undefined && { state }), ...(message !== undefined && { message }) };
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
