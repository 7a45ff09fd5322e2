import type { PlannedJob } from './job';
import type { SystemName } from './names';
import { random } from './random';

/** What strangers, and peers that misbehave, do about one job beside its life. Each has a bound: docs/limits.md. */
export type Load =
  /** As many inline endpoints as a job may have, and the metadata that costs most in JSON. */
  | 'many_endpoints'
  /** Inline endpoints that hang at their first attempt, more than a worker has slots for. */
  | 'hanging_endpoints'
  /** Inline endpoints whose nameserver does not answer at first. */
  | 'silent_names'
  /** Heartbeats with long keys of three bytes a character. */
  | 'long_keys'
  /** Requests that have to be refused by name. */
  | 'refused_requests'
  /** Large webhooks of strangers, each with hundreds of signatures. */
  | 'many_signatures'
  /** A burst of events of the job's task instances, to an endpoint that listens. */
  | 'task_events'
  /** The provider's answers come compressed, behind an interim one, with long headers. */
  | 'strange_answers'
  /** JSON behind a byte order mark. */
  | 'byte_order_mark'
  /** Optional parts of the provider's answers are null, and times are none. */
  | 'null_parts'
  /** Ids that a message property cannot hold. */
  | 'long_ids'
  /** Reports of 100 KB, and an end with a message of 240 KB. */
  | 'huge_reports'
  /** A compressed batch of messages that cannot be decoded, among those of the job. */
  | 'undecodable_batch';

/** What can happen at each system. */
export const LOADS: Readonly<Record<SystemName, readonly Load[]>> = {
  'vertex-ai': [
    'many_endpoints',
    'hanging_endpoints',
    'long_keys',
    'refused_requests',
    'many_signatures',
    'byte_order_mark',
  ],
  'tencent-batch': ['task_events', 'silent_names', 'strange_answers', 'byte_order_mark'],
  monai: ['null_parts', 'byte_order_mark', 'long_ids'],
  'spec-001': ['huge_reports', 'undecodable_batch'],
};

/**
 * Gives a share of each system's jobs one load each, by chance: every load of a system once before any comes again.
 * Pure: the same seed gives the same loads.
 */
export function withLoads(seed: string, jobs: readonly PlannedJob[], share: number): readonly PlannedJob[] {
  const given = new Map<PlannedJob, Load>();
  for (const [system, loads] of Object.entries(LOADS)) {
    const draw = random(`${seed}/loads/${system}`);
    const own = draw.shuffled(jobs.filter((job) => job.system === system));
    const order = draw.shuffled(loads);
    for (const [i, job] of own.slice(0, Math.ceil(own.length * share)).entries()) {
      given.set(job, order[i % order.length] as Load);
    }
  }
  return jobs.map((job) => {
    const load = given.get(job);
    return load === undefined ? job : { ...job, load };
  });
}
