import { createHmac } from 'node:crypto';
import type { Arrival, Ledger } from '../../../faults/checker/ledger';
import { identityOf } from '../../../faults/checker/signature';

export const SECRET = `whsec_${Buffer.from('a key of tests, 32 bytes of it..').toString('base64')}`;
export const JOB = 'projects/1/locations/l/batchPredictionJobs/1';
const KEY = 'submission-1';
const AT = Date.parse('2026-03-01T08:00:10Z');

export const idOf = (type: string, ...more: readonly number[]) => identityOf(['vertex-ai', JOB, KEY, type, ...more]);

export interface Attempt {
  readonly endpoint?: string;
  readonly type?: string;
  readonly sequence?: number | null;
  readonly id?: string;
  readonly job?: string;
  readonly body?: string;
  readonly wasTaken?: boolean;
  readonly at?: number;
}

/** One attempt, as the product makes it: the end of the job, signed, taken. */
export function attempt({
  endpoint = 'books',
  type = 'job.succeeded',
  sequence = 2,
  job = JOB,
  id = type === 'job.running' && sequence !== null ? idOf(type, sequence) : idOf(type),
  body = JSON.stringify({ type, data: { provider: 'vertex-ai', job, sequence } }),
  wasTaken = true,
  at = AT,
}: Attempt = {}): Arrival {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(SECRET.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
    'idempotency-key': id,
  };
  return { no: 1, at, endpoint, id, headers, body: Buffer.from(body), wasTaken };
}

/** One job that was accepted and ended, with one endpoint that deduplicates; nothing is wrong. */
export function aLedger(changes: Partial<Ledger> = {}): Ledger {
  return {
    endpoints: [{ name: 'books', channel: 'webhook', format: 'standard', secret: SECRET, effects: 'books.sqlite' }],
    submitted: [{ provider: 'vertex-ai', job: JOB, endpoints: ['books'], at: AT - 9_500 }],
    accepted: [
      { system: 'vertex-ai', provider: 'vertex-ai', job: JOB, key: KEY, endpoints: ['books'], at: AT - 9_000 },
    ],
    truths: [{ provider: 'vertex-ai', job: JOB, type: 'job.succeeded', at: AT - 1_000 }],
    bounds: [],
    arrivals: [attempt({ type: 'job.running', sequence: 1, at: AT - 5_000 }), attempt()],
    effects: [
      { endpoint: 'books', id: idOf('job.running', 1) },
      { endpoint: 'books', id: idOf('job.succeeded') },
    ],
    ...changes,
  };
}
