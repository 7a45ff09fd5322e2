import { NOT_ASKED_YET } from '../../../src/domain/job-run';
import { statusOfReport } from '../../../src/providers/spec-001/status-report';
import { RESULTS } from '../../support/spec-001-messages';

const report = (data: unknown, before = NOT_ASKED_YET) => statusOfReport(data, before);

describe('a status report', () => {
  it('has the state, the message and the progress', () => {
    const data = {
      status: 'RUNNING',
      message: 'on it',
      progress: { percentage_completed: 3, rows_total: 9, note: 'x' },
    };
    expect(report(data)).toMatchObject({
      state: 'RUNNING',
      provider_state: 'RUNNING',
      message: 'on it',
      error: null,
      progress: { percentage_completed: 3, rows_total: 9 },
      native: data,
    });
  });

  it('keeps outputs and progress that it omits', () => {
    const before = report({ status: 'RUNNING', progress: { percentage_completed: 50 }, results: [RESULTS[2]] });
    const after = report({ status: 'COMPLETED' }, before);
    expect(after).toMatchObject({
      progress: { percentage_completed: 50 },
      artifacts: before?.artifacts,
      message: null,
    });
  });

  it('has the message of a failed job for its error', () => {
    expect(report({ status: 'FAILED', message: 'no disk' })?.error).toEqual({ code: 'FAILED', message: 'no disk' });
    expect(report({ status: 'FAILED' })?.error).toBeNull();
  });

  it('has an artifact for each file, directory and table', () => {
    expect(report({ status: 'COMPLETED', results: RESULTS })?.artifacts).toEqual([
      { uri: 'https://acct.blob.core.windows.net/out/a/1.csv', type: 'ABS_FILES' },
      { uri: 'https://acct.blob.core.windows.net/out/a/2.csv', type: 'ABS_FILES' },
      { uri: 'https://acct.blob.core.windows.net/out/day=1', type: 'ABS_DIRECTORY' },
      { uri: 'snowflake://orders', type: 'SNOWFLAKE_TABLE', query: 'SELECT 1' },
    ]);
  });

  it('writes a name with a space, a question mark or half a character as a URI may have it', () => {
    const results = [{ ...RESULTS[0], paths: ['a b?c#d%e', 'half \ud800'] }];
    expect(report({ status: 'COMPLETED', results })?.artifacts.map(({ uri }) => uri)).toEqual([
      'https://acct.blob.core.windows.net/out/a%20b%3Fc%23d%25e',
      'https://acct.blob.core.windows.net/out/half%20%EF%BF%BD',
    ]);
  });

  it.each([undefined, null, 'COMPLETED', [], {}, { status: 'DONE' }, { status: 1 }])('is none in %j', (data) => {
    expect(report(data)).toBeUndefined();
  });

  it.each([{ results: 'x' }, { results: [null, { type: 'ABS_FILES' }, { type: 'toString' }] }, { progress: [1] }])(
    'does without what it cannot read in %j',
    (data) => {
      expect(report({ status: 'COMPLETED', ...data })).toMatchObject({
        state: 'COMPLETED',
        artifacts: [],
        progress: null,
      });
    },
  );
});
