import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Accepted, Bound, Endpoint, Submitted, Truth } from '../checker/ledger';

/** What the run itself writes down for the checker, each line before it goes on. */
export interface Journal {
  readonly directory: string;
  endpoints(endpoints: readonly Endpoint[]): void;
  /** Before it is submitted, so that no event about it can be earlier. */
  submits(job: Omit<Submitted, 'at'>): void;
  accepted(job: Omit<Accepted, 'at'>): void;
  /** Before the job is made to end, so that nothing that knows it can be earlier. */
  ends(truth: Omit<Truth, 'at'>): void;
  /** When it is known. */
  bound(bound: Omit<Bound, 'at'>): void;
}

export function openJournal(directory: string): Journal {
  const append = (file: string, line: object) =>
    appendFileSync(join(directory, file), `${JSON.stringify({ ...line, at: Date.now() })}\n`);
  return {
    directory,
    endpoints: (endpoints) => writeFileSync(join(directory, 'endpoints.json'), JSON.stringify(endpoints)),
    submits: (job) => append('submitted.jsonl', job),
    accepted: (job) => append('accepted.jsonl', job),
    ends: (truth) => append('truth.jsonl', truth),
    bound: (bound) => append('bounds.jsonl', bound),
  };
}
