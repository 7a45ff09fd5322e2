import { isEnd, readEvent } from '../../../faults/checker/read-event';
import { identityOf } from '../../../faults/checker/signature';
import { eventId } from '../../../src/domain/identity';

const read = (format: string, body: object) => readEvent(format, { body: Buffer.from(JSON.stringify(body)) });

describe('the checker reads', () => {
  it('the standard format', () => {
    expect(read('standard', { type: 'job.failed', data: { provider: 'p', job: 'j', sequence: 3 } })).toEqual({
      provider: 'p',
      job: 'j',
      type: 'job.failed',
      sequence: 3,
      place: 3,
    });
  });

  it('SPEC-001, whose progress says what came later', () => {
    const meta = { correlation_id: 'j' };
    const half = read('spec-001', { meta, data: { status: 'RUNNING', progress: { percentage_completed: 50 } } });
    expect(half).toMatchObject({ provider: 'spec-001', job: 'j', type: 'job.progress', sequence: null, place: 50 });
    expect(read('spec-001', { meta, data: { status: 'CANCELED' } })).toMatchObject({
      type: 'job.canceled',
      place: Number.POSITIVE_INFINITY,
    });
  });

  it('MONAI’s task updates', () => {
    expect(read('monai', { execution_id: 'j', status: 'Accepted' })).toMatchObject({ type: 'job.running', place: 0 });
    expect(isEnd(read('monai', { execution_id: 'j', status: 'PartialFail' }).type)).toBe(true);
  });

  it('no format that it does not know', () => {
    expect(() => read('of-tomorrow', {})).toThrow('cannot read the format of-tomorrow');
  });
});

test('the checker computes identities by itself, and they are those that the program computes', () => {
  expect(identityOf(['p', 'j', 'k', 'job.running', 1])).toBe(
    eventId({ provider: 'p', job: 'j' }, 'k', 'job.running', 1),
  );
});
