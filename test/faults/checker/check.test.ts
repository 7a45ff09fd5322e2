import { check, type Verdict } from '../../../faults/checker/check';
import type { Arrival, Ledger } from '../../../faults/checker/ledger';
import { aLedger, attempt, idOf, JOB } from './a-ledger';

const RIGHT = {
  ok: true,
  lost: 0,
  logical_duplicates: 0,
  out_of_order: 0,
  bytes_differ: 0,
  wrong_states: 0,
  wrong_identities: 0,
  bad_signatures: 0,
  unreadable: 0,
  unasked: 0,
  beyond_bounds: 0,
  effects: { expected: 1, exactly_one: 1, none: 0, more: 0 },
};

const running = (more: object = {}) => attempt({ type: 'job.running', sequence: 1, ...more });
const withArrivals = (...arrivals: readonly Arrival[]) => aLedger({ arrivals });

/** What the checker finds, and that it finds nothing else. */
const finds = (ledger: Ledger, found: Partial<Verdict>) =>
  expect(check(ledger)).toMatchObject({ ...RIGHT, ok: false, ...found });

describe('the checker', () => {
  it('has nothing to say of a run that was right', () => {
    expect(check(aLedger())).toMatchObject({ ...RIGHT, accepted: 1, attempts: 2, findings: [] });
  });

  it('does not mind that an attempt is made again', () => {
    const refused = attempt({ wasTaken: false });
    expect(check(withArrivals(running(), running(), refused, attempt(), attempt()))).toMatchObject(RIGHT);
  });

  it('does not mind that an end overtakes what was not delivered', () => {
    const effects = [{ endpoint: 'books', id: idOf('job.succeeded') }];
    expect(check(aLedger({ arrivals: [attempt()], effects }))).toMatchObject(RIGHT);
  });

  it('does not mind where events stand that have no order', () => {
    const passedOn = attempt({ type: 'task.running', sequence: null });
    expect(check(withArrivals(passedOn, running(), passedOn, attempt(), passedOn))).toMatchObject(RIGHT);
  });

  it('finds a hostile load that was not refused as it has to be', () => {
    const bound = { load: 'refused_requests', what: '101 endpoints', expected: 422, at: 0 };
    expect(check(aLedger({ bounds: [{ ...bound, got: 422 }] }))).toMatchObject(RIGHT);
    finds(aLedger({ bounds: [{ ...bound, got: 500 }] }), {
      beyond_bounds: 1,
      findings: ['beyond_bounds: refused_requests: 101 endpoints came to 500, and has to come to 422'],
    });
  });

  it('finds a text that was not cut', () => {
    const saying = (message: string) => {
      const data = { provider: 'vertex-ai', job: JOB, sequence: 2, message };
      return withArrivals(running(), attempt({ body: JSON.stringify({ type: 'job.succeeded', data }) }));
    };
    expect(check(saying('é'.repeat(4_096)))).toMatchObject(RIGHT);
    finds(saying('é'.repeat(4_200)), { beyond_bounds: 1 });
  });

  it('finds a job of which nobody was notified', () => {
    finds(aLedger({ arrivals: [], effects: [] }), {
      lost: 1,
      effects: { expected: 1, exactly_one: 0, none: 1, more: 0 },
    });
  });

  it('finds a job whose end was sent and never taken', () => {
    finds(withArrivals(running(), attempt({ wasTaken: false })), { lost: 1 });
  });

  it('finds a job that was reported as running and never as ended', () => {
    const effects = [{ endpoint: 'books', id: idOf('job.running', 1) }];
    finds(aLedger({ arrivals: [running()], effects }), {
      lost: 1,
      effects: { expected: 1, exactly_one: 0, none: 1, more: 0 },
    });
  });

  it('finds an end under two identities', () => {
    finds(withArrivals(running(), attempt(), attempt({ id: 'another' })), {
      logical_duplicates: 1,
      wrong_identities: 1,
    });
  });

  it('finds two ends of one job', () => {
    finds(withArrivals(running(), attempt(), attempt({ type: 'job.failed' })), {
      logical_duplicates: 1,
      wrong_states: 1,
    });
  });

  it('finds a start that was notified twice as two events', () => {
    finds(withArrivals(running(), running({ sequence: 2 }), attempt({ sequence: 3 })), { logical_duplicates: 1 });
  });

  it('finds an attempt that comes behind a later event', () => {
    finds(withArrivals(attempt(), running()), { out_of_order: 1 });
    finds(withArrivals(running(), attempt(), running(), attempt()), { out_of_order: 1 });
  });

  it('finds bytes that differ between attempts', () => {
    const { body } = attempt();
    finds(withArrivals(running(), attempt(), attempt({ body: `${body} ` })), { bytes_differ: 1 });
  });

  it('finds a state that is not so', () => {
    const truths = [{ provider: 'vertex-ai', job: aLedger().accepted[0]?.job ?? '', type: 'job.failed', at: 0 }];
    finds(aLedger({ truths }), { wrong_states: 1 });
  });

  it('finds an end that was reported before it happened, and one that never did', () => {
    const [truth] = aLedger().truths;
    finds(aLedger({ truths: truth ? [{ ...truth, at: attempt().at + 1 }] : [] }), { wrong_states: 1 });
    finds(aLedger({ truths: [] }), { wrong_states: 1 });
  });

  it('finds an identity that is not the published function of job, key and event', () => {
    const id = '00000000-0000-5000-8000-000000000000';
    const effects = [{ endpoint: 'books', id }];
    finds(aLedger({ arrivals: [attempt({ id })], effects }), { wrong_identities: 1 });
  });

  it('finds events of jobs that nobody submitted', () => {
    const other = attempt({ job: 'projects/1/locations/l/batchPredictionJobs/2', id: 'x' });
    finds(withArrivals(running(), attempt(), other), { unasked: 1, wrong_states: 1 });
  });

  it('does not take for unasked what was handed in and never answered', () => {
    const [submitted] = aLedger().submitted;
    const other = attempt({
      job: 'projects/1/locations/l/batchPredictionJobs/2',
      id: 'x',
      type: 'job.running',
      sequence: 1,
    });
    const both = submitted ? [submitted, { ...submitted, job: 'projects/1/locations/l/batchPredictionJobs/2' }] : [];
    expect(check(aLedger({ submitted: both, arrivals: [running(), attempt(), other] }))).toMatchObject(RIGHT);
  });

  it('finds a body that is none', () => {
    finds(withArrivals(running(), attempt(), attempt({ body: 'none' })), { unreadable: 1 });
  });

  describe('of signatures finds', () => {
    const changed = (headers: Readonly<Record<string, string>>) => {
      const right = attempt();
      return withArrivals(running(), { ...right, headers: { ...right.headers, ...headers } });
    };

    it.each([
      ['one that does not match', { 'webhook-signature': 'v1,AAAA' }],
      ['one that is missing', { 'webhook-signature': '' }],
      ['the timestamp of another attempt', { 'webhook-timestamp': '1700000000' }],
      ['another idempotency-key than webhook-id', { 'idempotency-key': 'another' }],
    ])('%s', (_, headers) => {
      finds(changed(headers), { bad_signatures: 1 });
    });
  });

  describe('of effects finds', () => {
    it('one that happened twice', () => {
      const { effects } = aLedger();
      finds(aLedger({ effects: [...effects, ...effects.slice(1)] }), {
        effects: { expected: 1, exactly_one: 0, none: 0, more: 1 },
      });
    });

    it('one that happened under two identities', () => {
      const arrivals = [running(), attempt(), attempt({ id: 'another' })];
      finds(aLedger({ arrivals, effects: [...aLedger().effects, { endpoint: 'books', id: 'another' }] }), {
        logical_duplicates: 1,
        wrong_identities: 1,
        effects: { expected: 1, exactly_one: 0, none: 0, more: 1 },
      });
    });

    it('one that never happened, though it was said to be taken', () => {
      finds(aLedger({ effects: [] }), { effects: { expected: 1, exactly_one: 0, none: 1, more: 0 } });
    });
  });

  it('is not content with a run in which nothing was accepted', () => {
    expect(check(aLedger({ accepted: [], arrivals: [], effects: [], truths: [] })).ok).toBe(false);
  });
});
