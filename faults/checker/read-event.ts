import type { Arrival } from './ledger';

/** What an attempt tells, read from its body alone. */
export interface Told {
  readonly provider: string;
  readonly job: string;
  /** `job.succeeded`, … */
  readonly type: string;
  /** Of the job's events; null where the format has none. */
  readonly sequence: number | null;
}

type Read = (body: never) => Told;

interface StandardBody {
  readonly type: string;
  readonly data: { readonly provider: string; readonly job: string; readonly sequence: number };
}

/** One reader for each format that is told during a run. */
const READERS: Readonly<Record<string, Read>> = {
  standard: ({ type, data: { provider, job, sequence } }: StandardBody): Told => ({ provider, job, type, sequence }),
};

/** @throws for a body that is none of its format */
export function readEvent(format: string, { body }: Pick<Arrival, 'body'>): Told {
  const read = READERS[format];
  if (read === undefined) throw new Error(`the checker cannot read the format ${format}`);
  return read(JSON.parse(body.toString()) as never);
}

const ENDS: ReadonlySet<string> = new Set(['job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed']);

export function isEnd(type: string): boolean {
  return ENDS.has(type);
}
