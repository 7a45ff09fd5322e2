import fc from 'fast-check';
import { EVENT_TYPES, type EventType } from '../../src/domain/event-type';
import {
  defaultIdempotencyKey,
  eventId,
  jobNameOf,
  NAMESPACE,
  signalRequestId,
  workflowIdOf,
} from '../../src/domain/identity';
import { uuidV5 } from '../../src/domain/uuid';
import vectors from '../vectors/identity.json';

describe('identity', () => {
  it('keeps its published namespace', () => {
    expect(NAMESPACE).toBe(vectors.namespace);
    expect(NAMESPACE).toBe(uuidV5(vectors.namespace_of.namespace, vectors.namespace_of.name));
  });

  it.each(vectors.workflow_ids)('names a run by provider and job: $workflow_id', ({ workflow_id, ...name }) => {
    expect(workflowIdOf(name)).toBe(workflow_id);
    expect(jobNameOf(workflow_id)).toEqual(name);
  });

  it('reads the name of any job back from the name of its run', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]+$/), fc.string(), (provider, job) => {
        expect(jobNameOf(workflowIdOf({ provider, job }))).toEqual({ provider, job });
      }),
    );
  });

  // Computed with Python's uuid module. A receiver has them in its store: should one fail, the code is wrong and not the
  // vector.
  describe('never changes an id that it has ever made', () => {
    it.each(vectors.default_idempotency_keys)('default key $idempotency_key', ({ idempotency_key, name, ...job }) => {
      expect(defaultIdempotencyKey(job)).toBe(idempotency_key);
      expect(uuidV5(NAMESPACE, name)).toBe(idempotency_key);
    });

    it.each(vectors.events)('event $webhook_id of $name', ({ webhook_id, name, ...event }) => {
      const { idempotency_key: key, type, distinguishers, ...job } = event;
      expect(eventId(job, key, type as EventType, ...distinguishers)).toBe(webhook_id);
      expect(uuidV5(NAMESPACE, name)).toBe(webhook_id);
    });

    it.each(vectors.signals)('request $request_id of $name', ({ request_id, name, signal, key }) => {
      expect(signalRequestId(signal, key)).toBe(request_id);
      expect(uuidV5(NAMESPACE, name)).toBe(request_id);
    });
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

  it('distinguishes the same key of two signals', () => {
    expect(signalRequestId('completion', 'k')).not.toBe(signalRequestId('heartbeat', 'k'));
  });
});
