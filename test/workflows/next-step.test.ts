import type { RunState } from '../../src/domain/job-run';
import { nextStep, type Surroundings } from '../../workflows/job/next-step';
import { beginRun, type Run } from '../../workflows/job/run';

const NOW = 1_000_000;
const CALM: Surroundings = { now: NOW, historyIsLong: false, handlersFinished: true, deliveriesAreBound: false };
const INPUT = {
  provider: 'scripted',
  job: 'j',
  idempotency_key: 'k',
  correlation_id: null,
  subscriptions: [],
  metadata: {},
  labels: {},
} as const;

const askable = (changes: Partial<Run> = {}, state: Partial<RunState> = {}): Run => {
  const run = beginRun(INPUT);
  return { ...run, ...changes, state: { ...run.state, question: null, askedAt: 0, ...state } };
};
const reported = (changes: Partial<Run> = {}, state: Partial<RunState> = {}): Run => {
  const run = beginRun({ ...INPUT, rules: { truth: 'messages' } });
  return { ...run, ...changes, state: { ...run.state, question: null, askedAt: 0, ...state } };
};
const ended = (state: Partial<RunState> = {}, changes: Partial<Run> = {}): Run =>
  askable(changes, { phase: { kind: 'notifying', completedBy: 'poll' }, ...state });
const pending: RunState['pending'][number] = { event: 'job.succeeded', endpoint: 'orders', body: 'b0' };
const kindOf = (run: Run, surroundings: Partial<Surroundings> = {}) => nextStep(run, { ...CALM, ...surroundings }).kind;

describe('while a job is open, its run', () => {
  it('waits where nothing has happened', () => {
    expect(kindOf(askable())).toBe('wait');
  });

  it('looks at its job first of all', () => {
    expect(nextStep(beginRun(INPUT), CALM)).toEqual({ kind: 'ask', by: 'poll' });
  });

  it('asks after a hint, and says that a signal led to it', () => {
    expect(nextStep(askable({}, { question: 'signal' }), CALM)).toEqual({ kind: 'ask', by: 'signal' });
  });

  it('asks after a missed deadline, and says that the heartbeat led to it', () => {
    expect(nextStep(askable({ missedDeadline: true }), CALM)).toEqual({ kind: 'ask', by: 'heartbeat' });
  });

  it('says that a signal led to it where a hint and a missed deadline come together', () => {
    expect(nextStep(askable({ missedDeadline: true }, { question: 'signal' }), CALM)).toMatchObject({ by: 'signal' });
  });

  it('takes what is answered before it asks again', () => {
    const answer = { status: beginRun(INPUT).state.status, by: 'poll' } as const;
    expect(nextStep(askable({ answer }, { question: 'signal' }), CALM)).toMatchObject({ answer });
  });

  it('fails a job that takes too long, whatever else there is but an answer', () => {
    expect(kindOf(askable({ timedOut: true, missedDeadline: true }, { question: 'signal' }))).toBe('time_out');
  });

  it('records a missed heartbeat and ignores hints where there is nobody to ask', () => {
    expect(kindOf(reported({ missedDeadline: true }, { question: 'signal' }))).toBe('record_missed_heartbeat');
    expect(kindOf(reported({}, { question: 'signal' }))).toBe('ignore_question');
  });

  it('asks nobody before a callback has named the job, where only that makes it known', () => {
    const run = beginRun({ ...INPUT, rules: { truth: 'provider', ask_from: 'identity' } });
    run.state.question = 'signal';
    expect(kindOf(run)).toBe('ignore_question');
    run.state.callback = { identity: 'argo-1', metadata: {} };
    expect(kindOf(run)).toBe('ask');
  });

  it('asks once a second at most, and waits for that second and no longer', () => {
    const justAsked = askable({}, { question: 'signal', askedAt: NOW - 400 });
    expect(nextStep(justAsked, CALM)).toEqual({ kind: 'wait', until: NOW + 600 });
    expect(nextStep(justAsked, { ...CALM, now: NOW + 600 })).toEqual({ kind: 'ask', by: 'signal' });
  });

  it('follows a hint at once after the first look, which delays none', () => {
    expect(kindOf(askable({}, { question: 'signal', askedAt: 0 }))).toBe('ask');
  });

  it('passes a cancellation on after everything that may already have ended the job', () => {
    const cancellation = 'requested_here';
    expect(kindOf(askable({}, { cancellation }))).toBe('cancel_at_provider');
    expect(kindOf(askable({}, { cancellation, question: 'signal' }))).toBe('ask');
    expect(kindOf(askable({ isCanceling: true }, { cancellation }))).toBe('wait');
    expect(kindOf(askable({}, { cancellation: 'requested' }))).toBe('wait');
  });
});

describe('once a job has ended, its run', () => {
  it('waits until every delivery is settled', () => {
    expect(kindOf(ended({ pending: [pending] }))).toBe('wait');
    expect(nextStep(ended(), CALM)).toEqual({ kind: 'finish', completedBy: 'poll' });
  });

  it('gives back what the job holds once, and finishes only after that', () => {
    expect(kindOf(ended({ holdsResources: true }))).toBe('release');
    expect(kindOf(ended({ holdsResources: true }, { release: 'under_way' }))).toBe('wait');
  });

  it('finishes only when no message is being handled', () => {
    expect(kindOf(ended(), { handlersFinished: false })).toBe('wait');
  });

  it('ignores hints, deadlines and cancellations', () => {
    const late = ended(
      { question: 'signal', cancellation: 'requested_here', pending: [pending] },
      { missedDeadline: true, timedOut: true },
    );
    expect(kindOf(late)).toBe('wait');
  });
});

describe('a run whose history is long', () => {
  const long = { historyIsLong: true };

  it('continues as new when there is nothing else to do, before and after the end', () => {
    expect(kindOf(askable(), long)).toBe('continue_as_new');
    expect(kindOf(ended({ pending: [pending] }), long)).toBe('continue_as_new');
  });

  it('does first what there is to do', () => {
    expect(kindOf(askable({}, { question: 'signal' }), long)).toBe('ask');
    expect(kindOf(ended(), long)).toBe('finish');
  });

  it('keeps a missed deadline, which it is about to act on and a next run would not know', () => {
    const justAsked = { askedAt: NOW - 400 };
    expect(kindOf(askable({ missedDeadline: true }, justAsked), long)).toBe('wait');
    // Hints that come without end are carried: a run may take so many signals only.
    expect(kindOf(askable({}, { ...justAsked, question: 'signal' }), long)).toBe('continue_as_new');
    expect(kindOf(ended({ pending: [pending] }, { missedDeadline: true }), long)).toBe('continue_as_new');
  });

  it('keeps the questions about what came of a cancellation, which a next run would not ask', () => {
    const asking = { asksAfterCancellation: true };
    expect(kindOf(askable(asking, { cancellation: 'requested' }), long)).toBe('wait');
    expect(kindOf(ended({ pending: [pending] }, asking), long)).toBe('continue_as_new');
  });

  it('waits for messages being handled and for first attempts, which only it can finish', () => {
    expect(kindOf(askable(), { ...long, handlersFinished: false })).toBe('wait');
    expect(kindOf(ended({ pending: [pending] }), { ...long, deliveriesAreBound: true })).toBe('wait');
  });
});
