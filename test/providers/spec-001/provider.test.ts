import { randomUUID } from 'node:crypto';
import type { Spec001Config } from '../../../src/providers/spec-001/config';
import { createSpec001Provider } from '../../../src/providers/spec-001/provider';
import { resolveSubmission } from '../../../src/submission/resolve-submission';
import { createTopic, KAFKA_WITHIN_MS } from '../../support/services/kafka/admin';
import { sharedService } from '../../support/services/shared-service';
import { testConfig } from '../../support/test-config';

function config(kafka: Partial<Spec001Config['kafka']> = {}): Spec001Config {
  return {
    source: { application: 'jobherald', environmentType: 'test' },
    kafka: { brokers: [], topic: '', groupId: 'jobherald', sasl: null, tls: false, ...kafka },
    stalled: { graceMs: 1_500, failAfter: 2 },
    overdueAfterMs: null,
    track: { auto: true, endpoints: [] },
  };
}

describe('the spec-001 provider', () => {
  const provider = createSpec001Provider(config());
  const never = new AbortController().signal;

  it('has nothing to ask: messages are the truth, and silence counts', () => {
    expect(provider.rules).toEqual({ truth: 'messages', stalled: { grace_seconds: 1.5, fail_after: 2 } });
    return expect(provider.getJobStatus('x', never)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('names a job by a UUID in lower case, and refuses any other name', () => {
    const uuid = randomUUID();
    expect(provider.canonicalJobName(uuid.toUpperCase())).toBe(uuid);
    expect(() => provider.canonicalJobName('job 7')).toThrow(expect.objectContaining({ code: 'invalid_job_name' }));
  });

  it('gives a job that a message tracks its own name for a correlation id, so that standard bodies have one', () => {
    const job = randomUUID();
    const submission = { provider: 'spec-001', job, endpoints: [] };
    const { input } = resolveSubmission(submission, testConfig({}), new Map([['spec-001', provider]]));
    expect(input.correlation_id).toBe(job);
  });

  it(
    'checks that its topic is there, and that of the dead letters',
    async () => {
      const { broker } = await sharedService('kafka');
      const topic = `jobs-${randomUUID()}`;
      const check = () => createSpec001Provider(config({ brokers: [broker], topic })).check(never);
      await expect(check()).rejects.toMatchObject({
        code: 'not_found',
        message: expect.stringMatching(`no topic ${topic};`),
      });
      await createTopic(broker, topic, { partitions: 3 });
      await expect(check()).rejects.toMatchObject({ message: expect.stringMatching(`no topic ${topic}.dlq`) });
      await createTopic(broker, `${topic}.dlq`);
      expect(await check()).toBe(
        `reached Kafka at ${broker}: topic ${topic} has 3 partitions, dead letters go to ${topic}.dlq`,
      );
    },
    KAFKA_WITHIN_MS,
  );

  it('cannot check a cluster that is not there', async () => {
    const check = createSpec001Provider(config({ brokers: ['127.0.0.1:1'], topic: 't' })).check(never);
    await expect(check).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching('ECONNREFUSED') });
  });
});
