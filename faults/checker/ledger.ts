import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A job that is handed in, written down before it is. */
export interface Submitted {
  readonly provider: string;
  readonly job: string;
  /** The endpoints to notify. */
  readonly endpoints: readonly string[];
  /** Epoch ms. */
  readonly at: number;
}

/** A job whose submission was answered as accepted. */
export interface Accepted extends Submitted {
  readonly system: string;
  /** The key of its submission; null where the submission gave none and the default holds. */
  readonly key: string | null;
}

/** How a job really ended. */
export interface Truth {
  readonly provider: string;
  readonly job: string;
  /** `job.succeeded`, `job.failed`, `job.canceled`, `job.partially_failed`. */
  readonly type: string;
  readonly at: number;
}

/** What a hostile load came to, at a bound that is published. */
export interface Bound {
  readonly load: string;
  /** What was sent, or has to come of it. */
  readonly what: string;
  /** The status that it has to be answered with, or how often it has to come. */
  readonly expected: number;
  readonly got: number;
  readonly at: number;
}

/** One attempt as it came. */
export interface Arrival {
  /** Of its ledger, from 1. */
  readonly no: number;
  readonly at: number;
  readonly endpoint: string;
  /** `webhook-id`, or what a broker's message has in its place. */
  readonly id: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came. */
  readonly body: Buffer;
  /** Whether it was answered with a 2xx. */
  readonly wasTaken: boolean;
}

/** One effect at a receiver that deduplicates. */
export interface Effect {
  readonly endpoint: string;
  readonly id: string;
}

export interface Endpoint {
  readonly name: string;
  readonly channel: 'webhook' | 'kafka' | 'rabbitmq';
  readonly format: string;
  /** `whsec_…`; null where nothing is signed. */
  readonly secret: string | null;
  /** SQLite file with the effects of a receiver that deduplicates; null where it does not. */
  readonly effects: string | null;
}

/** All that was written down during a run. Nothing in it comes from the program that is tried. */
export interface Ledger {
  readonly endpoints: readonly Endpoint[];
  readonly submitted: readonly Submitted[];
  readonly accepted: readonly Accepted[];
  readonly truths: readonly Truth[];
  readonly bounds: readonly Bound[];
  /** In the order in which they came, endpoint by endpoint. */
  readonly arrivals: readonly Arrival[];
  readonly effects: readonly Effect[];
}

/** @throws where a ledger is missing or has a line that is not JSON, except a last line that was cut off */
export function readLedger(directory: string): Ledger {
  const endpoints = JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')) as readonly Endpoint[];
  return {
    endpoints,
    submitted: lines<Submitted>(join(directory, 'submitted.jsonl')),
    accepted: lines<Accepted>(join(directory, 'accepted.jsonl')),
    truths: lines<Truth>(join(directory, 'truth.jsonl')),
    bounds: lines<Bound>(join(directory, 'bounds.jsonl')),
    arrivals: globSync('received-*.jsonl', { cwd: directory }).flatMap((file) => arrivalsOf(join(directory, file))),
    effects: endpoints.flatMap(({ name, effects }) =>
      effects === null ? [] : effectsOf(name, join(directory, effects)),
    ),
  };
}

type Line =
  | ({ readonly what: 'arrived'; readonly body: string } & Omit<Arrival, 'body' | 'wasTaken'>)
  | { readonly what: 'answered'; readonly no: number; readonly status: number };

function arrivalsOf(file: string): readonly Arrival[] {
  const written = lines<Line>(file);
  const taken = new Set(
    written.flatMap((line) => (line.what === 'answered' && line.status >= 200 && line.status < 300 ? [line.no] : [])),
  );
  return written.flatMap((line) =>
    line.what === 'arrived' ? [{ ...line, body: Buffer.from(line.body, 'base64'), wasTaken: taken.has(line.no) }] : [],
  );
}

function effectsOf(endpoint: string, file: string): readonly Effect[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('SELECT webhook_id FROM effects').all();
    return rows.map((row) => ({ endpoint, id: String(row['webhook_id']) }));
  } finally {
    database.close();
  }
}

function lines<T>(file: string): readonly T[] {
  if (!existsSync(file)) return [];
  const written = readFileSync(file, 'utf8').split('\n');
  written.pop(); // what stands behind the last line's end: nothing, or a line that was cut off
  return written.map((line) => JSON.parse(line) as T);
}
