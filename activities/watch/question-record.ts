import { activityInfo, heartbeat } from '@temporalio/activity';
import type { Unreadable } from '../../src/domain/job-question';

/** What the attempts of a question have to know of those before them. It travels as heartbeat details. */
export interface QuestionRecord {
  /** Since when the provider has not known the job, epoch ms. Absent: it has not said so. */
  readonly not_found_since?: number;
  /** The answers that nobody could read. */
  readonly unreadable?: Unreadable;
}

export function readRecord(): QuestionRecord {
  return (activityInfo().heartbeatDetails as QuestionRecord | undefined) ?? {};
}

/** Adds to what the next attempt finds. */
export function addToRecord(more: QuestionRecord): void {
  heartbeat({ ...readRecord(), ...more } satisfies QuestionRecord);
}
