import type { PassedEvent } from '../../../domain/job-messages';
import type { ReadHint } from '../../hint';

/** What one event of a pushed message comes to. Events that are passed on carry the message exactly as it came. */
export type Reading =
  /** About the job's state: the provider is asked. */
  | ReadHint
  /** Of a task or a task instance of this job. */
  | { readonly kind: 'event'; readonly job: string; readonly event: PassedEvent }
  /** Of a compute environment or node, that belongs to no job. */
  | { readonly kind: 'event_without_job'; readonly event: PassedEvent & { readonly workflow_id: string } };

export function deadLetter(reason: string): ReadHint {
  return { kind: 'dead_letter', reason };
}
