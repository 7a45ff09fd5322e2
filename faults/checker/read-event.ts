import type { Arrival, Endpoint, Ledger } from './ledger';

/** The event of an attempt, read from its body alone. */
export interface ReadEvent {
  readonly provider: string;
  readonly job: string;
  /** `job.succeeded`, … */
  readonly type: string;
  /** Of the job's events; null where the format has none. */
  readonly sequence: number | null;
  /** Where the event stands in the life of its job: later ones are not smaller. Null for what has no order. */
  readonly place: number | null;
}

type Read = (body: never) => ReadEvent;

interface StandardBody {
  readonly type: string;
  readonly data: { readonly provider: string; readonly job: string; readonly sequence: number | null };
}

interface Spec001Body {
  readonly meta: { readonly correlation_id: string };
  readonly data: { readonly status: string; readonly progress?: { readonly percentage_completed: number } };
}

interface MonaiBody {
  readonly execution_id: string;
  readonly status: string;
}

const MONAI_TYPES: Readonly<Record<string, string>> = {
  Accepted: 'job.running',
  Succeeded: 'job.succeeded',
  Failed: 'job.failed',
  Canceled: 'job.canceled',
  PartialFail: 'job.partially_failed',
};

const SPEC_001_ENDS: Readonly<Record<string, string>> = {
  COMPLETED: 'job.succeeded',
  FAILED: 'job.failed',
  CANCELED: 'job.canceled',
  PARTIALLY_FAILED: 'job.partially_failed',
};

/** One reader for each format that a run uses. */
const READERS: Readonly<Record<string, Read>> = {
  standard: ({ type, data: { provider, job, sequence } }: StandardBody): ReadEvent => ({
    provider,
    job,
    type,
    sequence,
    place: sequence,
  }),
  // Used for jobs of spec-001 only, whose name is the correlation id.
  'spec-001': ({ meta, data: { status, progress } }: Spec001Body): ReadEvent => {
    const end = SPEC_001_ENDS[status];
    const place = end ? Number.POSITIVE_INFINITY : (progress?.percentage_completed ?? 0);
    return { provider: 'spec-001', job: meta.correlation_id, type: end ?? 'job.progress', sequence: null, place };
  },
  // Used for tasks of MONAI only, whose name is the execution id.
  monai: ({ execution_id, status }: MonaiBody): ReadEvent => {
    const type = MONAI_TYPES[status] ?? status;
    const place = isEnd(type) ? Number.POSITIVE_INFINITY : 0;
    return { provider: 'monai', job: execution_id, type, sequence: null, place };
  },
};

/** @throws for a body that is none of its format */
export function readEvent(format: string, { body }: Pick<Arrival, 'body'>): ReadEvent {
  const read = READERS[format];
  if (read === undefined) throw new Error(`the checker cannot read the format ${format}`);
  return read(JSON.parse(body.toString()) as never);
}

const ENDS: ReadonlySet<string> = new Set(['job.succeeded', 'job.failed', 'job.canceled', 'job.partially_failed']);

export function isEnd(type: string): boolean {
  return ENDS.has(type);
}

/** An attempt, its event and its endpoint. */
export interface ReadArrival {
  readonly endpoint: Endpoint;
  readonly arrival: Arrival;
  readonly event: ReadEvent;
}

/** Every attempt, read. `unreadable` are those that nobody can read. */
export function readArrivals({ endpoints, arrivals }: Ledger): {
  readonly readable: readonly ReadArrival[];
  readonly unreadable: readonly string[];
} {
  const unreadable: string[] = [];
  const readable = arrivals.flatMap((arrival) => {
    const endpoint = endpoints.find(({ name }) => name === arrival.endpoint);
    try {
      if (endpoint === undefined) throw new Error('unknown endpoint');
      return [{ endpoint, arrival, event: readEvent(endpoint.format, arrival) }];
    } catch (error) {
      unreadable.push(`${arrival.endpoint} ${arrival.id}: ${(error as Error).message}`);
      return [];
    }
  });
  return { readable, unreadable };
}

/** `items` by what `key` says of each, in the order of the first of each. */
export function groups<T>(items: readonly T[], key: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const known = found.get(key(item));
    if (known) known.push(item);
    else found.set(key(item), [item]);
  }
  return [...found];
}

export function jobKey({ provider, job }: { readonly provider: string; readonly job: string }): string {
  return `${provider}/${job}`;
}
