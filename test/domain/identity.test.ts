import fc from 'fast-check';
import { EVENT_TYPES } from '../../src/domain/event-type';
import {
  defaultIdempotencyKey,
  eventId,
  jobNameOf,
  NAMESPACE,
  signalRequestId,
  workflowIdOf,
} from '../../src/domain/identity';
import { uuidV5 } from '../../src/domain/uuid-v5';

const NAME = { provider: 'vertex-ai', job: 'projects/123/locations/us-central1/batchPredictionJobs/456' };

describe('identity', () => {
  it('keeps its published namespace', () => {
    expect(NAMESPACE).toBe('28de626e-1ac5-5709-910d-a79b180c5eb7');
  });

  it('names a run by provider and job', () => {
    expect(workflowIdOf(NAME)).toBe('vertex-ai/projects/123/locations/us-central1/batchPredictionJobs/456');
  });

  it('reads the name of any job back from the name of its run', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]+$/), fc.string(), (provider, job) => {
        expect(jobNameOf(workflowIdOf({ provider, job }))).toEqual({ provider, job });
      }),
    );
  });

  it('makes the default key and a terminal event id from the JSON that the contract names', () => {
    expect(defaultIdempotencyKey(NAME)).toBe(uuidV5(NAMESPACE, `["vertex-ai","${NAME.job}"]`));
    expect(eventId(NAME, 'k', 'job.succeeded')).toBe(
      uuidV5(NAMESPACE, `["vertex-ai","${NAME.job}","k","job.succeeded"]`),
    );
  });

  // Computed with Python's uuid module. A receiver has them in its store: should this fail, the code is wrong and not the test.
  it('never changes the ids it has ever made', () => {
    expect(defaultIdempotencyKey(NAME)).toBe('130fa4f1-d746-5352-8c74-04c4cfa1e8fd');
    expect(eventId(NAME, 'k', 'job.succeeded')).toBe('f86545c0-df53-5ea8-8892-9c58afea7d83');
    expect(eventId(NAME, 'k', 'job.running', 1)).toBe('8519157e-775b-549e-bfb4-d7f442f5b59f');
    expect(signalRequestId('completion', 'k')).toBe('8c33202f-2ef4-5c7d-a9c0-8abf0a83f5b1');
  });

  it('gives everything that differs another id', () => {
    const parts = fc.record({
      provider: fc.stringMatching(/^[a-z-]{1,4}$/),
      job: fc.string({ maxLength: 4 }),
      key: fc.string({ maxLength: 4 }),
      type: fc.constantFrom(...EVENT_TYPES),
      sequence: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    });
    const idOf = ({ provider, job, key, type, sequence }: typeof parts extends fc.Arbitrary<infer T> ? T : never) =>
      eventId({ provider, job }, key, type, ...(sequence === undefined ? [] : [sequence]));
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(idOf(a) === idOf(b)).toBe(isSame);
      }),
    );
  });

  it('does not confuse a slash in a key with the one between provider and job', () => {
    expect(eventId({ provider: 'a', job: 'b' }, 'c/d', 'job.failed')).not.toBe(
      eventId({ provider: 'a', job: 'b/c' }, 'd', 'job.failed'),
    );
  });

  it('tells the same key of two signals apart', () => {
    expect(signalRequestId('completion', 'k')).not.toBe(signalRequestId('heartbeat', 'k'));
  });
});
