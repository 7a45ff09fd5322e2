import type { AdoptMessage } from './job-messages';
import type { JobInput } from './job-run';
import { withAdded } from './subscription';

/** The input of a run that was begun by tracking, once it has adopted the submission of its job. */
export function withSubmission({ tracked: _, ...input }: JobInput, message: AdoptMessage): JobInput {
  const { submission_sha256: __, subscriptions, ...submitted } = message;
  return { ...input, ...submitted, subscriptions: withAdded(input.subscriptions, subscriptions) };
}
