import fc from 'fast-check';
import { spec001Faults } from '../../../src/providers/spec-001/faults';
import { heartbeatMessage, RESULTS, statusMessage } from '../../support/spec-001-messages';

const status = (data: Record<string, unknown>) => statusMessage({ data });
const heartbeat = (data: Record<string, unknown>) => heartbeatMessage({ data });
const told = (message: unknown) => spec001Faults(message).map(({ pointer, detail }) => `${pointer}: ${detail}`);

describe('the schema of SPEC-001 takes', () => {
  it.each([
    ['a STATUS', statusMessage()],
    ['a HEARTBEAT', heartbeatMessage()],
    ['members that nobody knows', { ...status({ more: 1 }), more: [] }],
    ['a HEARTBEAT with a status of no sense', heartbeat({ status: 'GARBAGE' })],
    ['a STATUS with a heartbeat deadline of no sense', status({ heartbeat_deadline_seconds: 'soon' })],
    ['any percentage', status({ progress: { percentage_completed: 150.5 } })],
    ['negative rows', status({ progress: { percentage_completed: -1, rows_completed: -5, rows_ignored: 1.0 } })],
    ['no results', status({ results: [] })],
    ['a result of each type', status({ results: RESULTS })],
    ['a result with no paths', status({ results: [{ ...RESULTS[0], paths: [] }] })],
    ['the nil UUID', statusMessage({ meta: { correlation_id: '00000000-0000-0000-0000-000000000000' } })],
    ['a UUID in capitals', statusMessage({ meta: { correlation_id: 'F0F1A8B2-72D5-4B4E-A7C3-1C8A5B6A4D3E' } })],
    ['labels', statusMessage({ meta: { labels: ['a', ''] } })],
    [
      'a batch process',
      status({ batch_process: { application_id: 'a', batch_process_id: 'b', batch_process_version: { major: 1 } } }),
    ],
  ])('%s', (_what, message) => {
    expect(spec001Faults(message)).toEqual([]);
  });
});

describe('the schema of SPEC-001 refuses, naming what was meant,', () => {
  const states = 'PENDING, DELAYED, QUEUED, RUNNING, CANCELED, COMPLETED, FAILED, PARTIALLY_FAILED';
  it.each<readonly [string, unknown, readonly string[]]>([
    ['a word that is no state', status({ status: 'GARBAGE' }), [`/data/status: must be one of ${states}`]],
    [
      'a state with another spelling',
      status({ status: 'CANCELLED' }),
      [`/data/status: did you mean CANCELED? "CANCELLED" is not known; it must be one of ${states}`],
    ],
    [
      'a third kind of notification',
      status({ notification_type: 'ALARM' }),
      ['/data/notification_type: must be one of STATUS, HEARTBEAT'],
    ],
    [
      'a kind that is no name but a member of every object',
      status({ notification_type: 'constructor' }),
      ['/data/notification_type: must be one of STATUS, HEARTBEAT'],
    ],
    ['no kind', { ...statusMessage(), data: {} }, ['/data/notification_type: is required']],
    ['no data', { ...statusMessage(), data: null }, ['/data: must be a JSON object']],
    [
      'a deadline of nothing',
      heartbeat({ heartbeat_deadline_seconds: 0 }),
      ['/data/heartbeat_deadline_seconds: must be 1 or more'],
    ],
    [
      'half a second',
      heartbeat({ heartbeat_deadline_seconds: 1.5 }),
      ['/data/heartbeat_deadline_seconds: must be a JSON integer, not number'],
    ],
    [
      'a key that is no UUID',
      statusMessage({ meta: { idempotency_key: '1' } }),
      ['/meta/idempotency_key: must be a UUID'],
    ],
    [
      'a version of two numbers',
      statusMessage({ meta: { version: '1.1' } }),
      ['/meta/version: must be three numbers, as 1.1.0'],
    ],
    [
      'a beta version',
      statusMessage({ meta: { version: '1.1.0-beta' } }),
      ['/meta/version: must be three numbers, as 1.1.0'],
    ],
    [
      'a number among labels',
      statusMessage({ meta: { labels: [1] } }),
      ['/meta/labels/0: must be a JSON string, not number'],
    ],
    [
      'progress without a percentage, and half a row',
      status({ progress: { rows_total: 1.5 } }),
      [
        '/data/progress/percentage_completed: is required',
        '/data/progress/rows_total: must be a JSON integer, not number',
      ],
    ],
    [
      'a result of another cloud',
      status({ results: [RESULTS[2], { type: 'GCS', uri: 'gs://b' }] }),
      ['/data/results/1/type: must be one of ABS_DIRECTORY, ABS_FILES, SNOWFLAKE_TABLE'],
    ],
    [
      'a result without what its type needs',
      status({ results: [{ ...RESULTS[1], directory: undefined }] }),
      ['/data/results/0/directory: is required'],
    ],
    ['a result that is none', status({ results: [null] }), ['/data/results/0: must be a JSON object']],
    [
      'a batch process whose version has no major',
      status({ batch_process: { application_id: 'a', batch_process_id: 'b', batch_process_version: {} } }),
      ['/data/batch_process/batch_process_version/major: is required'],
    ],
    ['something else altogether', 7, [': must be a JSON object, not number']],
  ])('%s', (_what, message, faults) => {
    expect(told(message)).toEqual(faults);
  });

  it('anything at all, without ever throwing', () => {
    const members = fc.constantFrom('meta', 'data', 'notification_type', 'status', 'results', 'type');
    const values = fc.oneof(fc.constantFrom('STATUS', 'HEARTBEAT', 'ABS_FILES'), fc.jsonValue());
    const almost = fc.dictionary(members, fc.oneof(values, fc.dictionary(members, values)));
    fc.assert(fc.property(almost, (value) => expect(spec001Faults(value)).not.toEqual([])));
  });
});
