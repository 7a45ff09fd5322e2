import { readMessage, readMessageBytes } from '../../../src/providers/spec-001/read-message';
import { heartbeatMessage, statusMessage } from '../../support/spec-001-messages';

const KEY = 'D23BCF56-2E3B-4D85-8A4E-5BFE5E6E3C45';
const JOB = 'F0F1A8B2-72D5-4B4E-A7C3-1C8A5B6A4D3E';
const meta = { idempotency_key: KEY, correlation_id: JOB };

describe('a message of SPEC-001', () => {
  it('is about the job of its correlation id and has the identity of its key, both in lower case', () => {
    const { data } = statusMessage({ data: { status: 'COMPLETED', more: 1 } });
    expect(readMessage(statusMessage({ data, meta }))).toEqual({
      kind: 'status',
      job: JOB.toLowerCase(),
      key: KEY.toLowerCase(),
      data,
    });
  });

  it('keeps the digits of integers beyond 2^53, and rounds only those that have to be numbers', () => {
    const bytes = (data: Record<string, unknown>) =>
      Buffer.from(`\uFEFF${JSON.stringify(statusMessage({ data, meta })).replace(/"(9{17})"/g, '$1')}`);
    expect(readMessageBytes(bytes({ status: 'COMPLETED', tenant: '9'.repeat(17) }))).toMatchObject({
      kind: 'status',
      data: { tenant: '9'.repeat(17) },
    });
    const progress = { percentage_completed: 1, rows_completed: '9'.repeat(17) };
    expect(readMessageBytes(bytes({ status: 'RUNNING', progress }))).toMatchObject({
      kind: 'status',
      data: { progress: { rows_completed: 1e17 } },
    });
  });

  it('limits the deadline of a heartbeat to a year', () => {
    const read = readMessage(
      heartbeatMessage({ meta, data: { heartbeat_deadline_seconds: 1e12, description: 'alive' } }),
    );
    expect(read).toMatchObject({ kind: 'heartbeat', heartbeat_deadline_seconds: 31_536_000, description: 'alive' });
  });

  it('is invalid for a reason with a place', () => {
    expect(readMessage(statusMessage({ data: { status: 1 } }))).toMatchObject({
      kind: 'invalid',
      faults: expect.arrayContaining([expect.objectContaining({ pointer: '/data/status' })]),
    });
  });
});
