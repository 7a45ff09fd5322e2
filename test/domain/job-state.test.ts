import { isTerminal, JOB_STATES } from '../../src/domain/job-state';

describe('job states', () => {
  it('are the eight of SPEC-001', () => {
    expect([...JOB_STATES].sort()).toEqual(
      ['CANCELED', 'COMPLETED', 'DELAYED', 'FAILED', 'PARTIALLY_FAILED', 'PENDING', 'QUEUED', 'RUNNING'].sort(),
    );
  });

  it('are terminal in four cases', () => {
    expect(JOB_STATES.filter(isTerminal)).toEqual(['COMPLETED', 'FAILED', 'CANCELED', 'PARTIALLY_FAILED']);
  });
});
