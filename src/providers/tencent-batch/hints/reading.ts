import type { EventType } from '../../../domain/event-type';
import type { ReadHint } from '../../hint';

/** An event of Tencent's that says nothing of a job's state, to be passed on as it is. */
export interface ReadEvent {
  /** The same event of the same message, sent again, has the same key. */
  readonly key: string;
  readonly type: EventType;
  /** RFC 3339. */
  readonly timestamp: string;
  /** Exactly as it came. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** What one event of a pushed message comes to. */
export type Reading =
  /** About the job's state: the provider is asked. */
  | ReadHint
  /** Of a task or a task instance of this job. */
  | { readonly kind: 'event'; readonly job: string; readonly event: ReadEvent }
  /** Of a compute environment or node, that belongs to no job. */
  | { readonly kind: 'event_without_job'; readonly event: ReadEvent & { readonly workflow_id: string } };

export function deadLetter(reason: string): ReadHint {
  return { kind: 'dead_letter', reason };
}
