import { boundedStatus } from '../../src/domain/bounded-status';
import { carriedInput, MAX_CARRIED_BYTES } from '../../src/domain/carried-input';
import { type Attempt, boundedAttempts, NO_PROGRESS } from '../../src/domain/delivery';
import { type JobInput, MAX_INPUT_BYTES, NOT_ASKED_YET, type RunState } from '../../src/domain/job-run';
import { keyHash } from '../../src/domain/key-hash';
import { jsonBytes } from '../../src/domain/text-size';
import { beginRun } from '../../workflows/job/run';

const KIB = 1024;
const attempt: Attempt = {
  number: 1,
  time: '2026-01-01T00:00:00.000Z',
  duration_ms: 1,
  error: 'HTTP 503',
  excerpt: '"'.repeat(256),
};
const attempts = boundedAttempts(Array.from({ length: 50 }, () => attempt));
const endpoints = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(63, 'e'));
const message = (id: string, bytes: number) => ({
  id: id.padStart(36, '0'),
  content_type: 'application/json',
  headers: {},
  body: 'b'.repeat(bytes),
});

/** A run with all that it can have, of everything. */
function largest(): { readonly input: JobInput; readonly state: RunState } {
  const subscriptions = endpoints.map((endpoint) => ({ endpoint, events: [], format: 'standard' }));
  const input: JobInput = {
    provider: 'scripted',
    job: 'j',
    idempotency_key: 'k',
    correlation_id: null,
    subscriptions,
    metadata: {},
    labels: { l: 'x'.repeat(MAX_INPUT_BYTES - jsonBytes(subscriptions) - 150) },
  };
  const pending = (event: 'job.succeeded' | 'job.progress' | 'job.running' | 'job.stalled') =>
    endpoints.map((endpoint, i) => ({
      event,
      endpoint,
      body: event === 'job.succeeded' ? 'end' : `c${i}`,
      progress: { ...NO_PROGRESS, attempts, attempt_count: 50 },
    }));
  const course = Object.fromEntries(endpoints.map((_, i) => [`c${i}`, message(`c${i}`, 1.4 * KIB)]));
  const state: RunState = {
    ...beginRun(input).state,
    status: boundedStatus({
      ...NOT_ASKED_YET,
      message: '\u0001'.repeat(9_000),
      artifacts: Array.from({ length: 300 }, () => ({ uri: 'u'.repeat(2_000), type: 'T', query: 'q'.repeat(2_000) })),
      native: { results: 'r'.repeat(120_000) },
    }),
    seenKeys: Array.from({ length: 1_000 }, (_, i) => keyHash(String(i))),
    bodies: { end: message('end', 511 * KIB), ...course },
    pending: (['job.running', 'job.progress', 'job.progress', 'job.stalled', 'job.stalled'] as const)
      .flatMap(pending)
      .concat(pending('job.succeeded')),
    settled: endpoints.slice(50).map((endpoint) => ({
      id: endpoint.padStart(100, 'i'),
      endpoint,
      event: 'job.progress',
      webhook_id: 'w'.repeat(36),
      state: 'gone',
      attempts,
      attempt_count: 50,
    })),
  };
  return { input, state };
}

describe('what a run hands on', () => {
  it('is at most 1 MiB where everything is as large as it can be, and every end goes along with its bytes', () => {
    const { input, state } = largest();
    const { carried, ...rest } = carriedInput(input, state);
    expect(jsonBytes({ ...rest, carried })).toBeLessThanOrEqual(MAX_CARRIED_BYTES);
    expect(rest).toEqual(input);
    expect(carried?.bodies['end']).toEqual(state.bodies['end']);
    expect(carried?.pending.filter(({ event }) => event === 'job.succeeded')).toHaveLength(100);
    expect(carried?.pending.every(({ body }) => carried.bodies[body] !== undefined)).toBe(true);
    const dropped = state.pending.length - (carried?.pending.length ?? 0);
    expect(carried?.settledCounts.overtaken).toBe(dropped);
    expect(carried?.pending[0]?.progress?.attempt_count).toBe(50);
  });

  it('is everything, where that fits', () => {
    const { input, state } = largest();
    const small = { ...state, status: NOT_ASKED_YET, pending: state.pending.slice(-2), settled: [] };
    expect(carriedInput(input, small)).toEqual({ ...input, carried: small });
  });
});

it('The attempts of a delivery are as many as fit into 15 KiB, the older ones without their excerpts', () => {
  const plain = Array.from({ length: 60 }, () => ({ ...attempt, excerpt: 'x' }));
  expect(boundedAttempts(plain)).toHaveLength(50);
  expect(jsonBytes(attempts)).toBeLessThanOrEqual(15 * KIB);
  expect(attempts.length).toBeGreaterThan(40);
  expect(attempts[0]?.excerpt).toBeUndefined();
  expect(attempts.at(-1)?.excerpt).toHaveLength(256);
  expect(boundedAttempts(attempts, 0)).toEqual([]);
});
