import type { JobList } from '../../schemas/types';
import { columns, plain } from './output';

/** A page of jobs as a person reads it, and how to get the next. */
export function listReport({ jobs, next_cursor }: JobList): string {
  if (jobs.length === 0) return 'no jobs';
  const table = columns([
    ['state', 'phase', 'deliveries', 'ended', 'job'],
    ...jobs.map(({ state, phase, delivery_states, ended_at, provider, job }) => [
      state,
      phase,
      delivery_states.join(',') || '-',
      ended_at ?? '-',
      `${provider} ${plain(job)}`,
    ]),
  ]);
  return next_cursor ? `${table}\n\nmore with: --cursor ${next_cursor}` : table;
}
