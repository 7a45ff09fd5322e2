import { randomUUID } from 'node:crypto';
import { Client, type Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes';
import { dialClient } from '../../src/temporal/dial-client';
import { REQUIRED_SEARCH_ATTRIBUTES } from '../../src/temporal/search-attributes';
import { missingSetup, requireSetup, setup } from '../../src/temporal/setup';
import { startCloudLikeTemporal } from '../support/cloud-like-temporal';
import { rememberingLog } from '../support/logs';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';

const DAY = 24 * 60 * 60 * 1000;
const ALL = REQUIRED_SEARCH_ATTRIBUTES.map(({ name }) => name);
const KEYWORD = 2;

let temporal: RealTemporal;
let connection: Connection;

beforeAll(async () => {
  temporal = await connectRealTemporal();
  connection = temporal.connection;
});
afterAll(() => temporal.close());

function newNamespace(retentionMs = 30 * DAY) {
  return { ...temporal.config, namespace: `setup-${randomUUID()}`, retentionMs };
}

async function retentionSeconds(namespace: string): Promise<string> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return String(config?.workflowExecutionRetentionTtl?.seconds);
}

test('setup registers the namespace with its retention and search attributes, and says so', async () => {
  const config = newNamespace(7 * DAY);
  const log = rememberingLog();

  expect(await setup(connection, config, log)).toEqual({ namespace: 'created', searchAttributes: ALL });

  expect(await retentionSeconds(config.namespace)).toBe('604800');
  expect(log.lines).toEqual([
    `info namespace ${config.namespace}: created`,
    `info namespace ${config.namespace}: added search attributes ${ALL.join(', ')}`,
  ]);
});

test('a run can carry every search attribute at once as soon as setup is done', async () => {
  const config = newNamespace();
  await setup(connection, config, rememberingLog());
  const client = new Client({ connection, namespace: config.namespace });

  const handle = await client.workflow.start('job', {
    workflowId: 'vertex-ai/x',
    taskQueue: config.taskQueue,
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.JobProvider, value: 'vertex-ai' },
      { key: SEARCH_ATTRIBUTES.JobState, value: 'RUNNING' },
      { key: SEARCH_ATTRIBUTES.DeliveryState, value: ['pending', 'delivered'] },
      { key: SEARCH_ATTRIBUTES.JobEndpoint, value: ['orders', 'audit'] },
      { key: SEARCH_ATTRIBUTES.CompletedBy, value: 'signal' },
      { key: SEARCH_ATTRIBUTES.JobEndedAt, value: new Date('2026-01-02T03:04:05Z') },
    ],
  });

  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.DeliveryState)).toEqual(['pending', 'delivered']);
  expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.JobEndedAt)).toEqual(new Date('2026-01-02T03:04:05Z'));
});

test('setup a second time changes nothing and says nothing', async () => {
  const config = newNamespace();
  await setup(connection, config, rememberingLog());
  const log = rememberingLog();

  expect(await setup(connection, config, log)).toEqual({ namespace: 'unchanged', searchAttributes: [] });

  expect(log.lines).toEqual([]);
});

test('setup leaves the retention of a namespace that exists as it is, and says so', async () => {
  const config = newNamespace(7 * DAY);
  await setup(connection, config, rememberingLog());
  const log = rememberingLog();

  const { namespace } = await setup(connection, { ...config, retentionMs: 14 * DAY }, log);

  expect(namespace).toBe('other_retention');
  expect(await retentionSeconds(config.namespace)).toBe('604800');
  expect(log.lines).toEqual([
    `warn namespace ${config.namespace} keeps its retention of 7d; --update-retention makes it 14d`,
  ]);
});

test('setup changes the retention of a namespace that exists where it is asked to', async () => {
  const config = newNamespace(7 * DAY);
  await setup(connection, config, rememberingLog());

  const changed = { ...config, retentionMs: 14 * DAY };
  const { namespace } = await setup(connection, changed, rememberingLog(), { updateRetention: true });

  expect(namespace).toBe('updated');
  expect(await retentionSeconds(config.namespace)).toBe('1209600');
});

test('several setups at once all succeed', async () => {
  const config = newNamespace();

  await Promise.all([1, 2, 3, 4].map(() => setup(connection, config, rememberingLog())));

  expect(await missingSetup(connection, config)).toEqual([]);
});

test('setup names the search attribute that exists with another type', async () => {
  const config = newNamespace();
  await connection.workflowService.registerNamespace({
    namespace: config.namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await connection.operatorService.addSearchAttributes({
    namespace: config.namespace,
    searchAttributes: { JobEndpoint: KEYWORD },
  });

  const failure = await setup(connection, config, rememberingLog()).catch((error) => error);

  expect(failure).toMatchObject({ name: 'SetupError', code: 'wrong_type' });
  expect(failure.message).toContain('JobEndpoint (KeywordList)');
});

test('setup passes on why the server refuses a retention', async () => {
  const failure = await setup(connection, newNamespace(1_000), rememberingLog()).catch((error) => error);

  expect(failure).toMatchObject({ name: 'SetupError', code: 'refused' });
  expect(failure.message).toContain('retention period');
});

test('worker and gateway say in one line to run setup where the namespace is missing', async () => {
  const config = newNamespace();

  const failure = await requireSetup(connection, config).catch((error) => error);

  expect(failure.message).toBe(`run "jobherald setup" first: namespace ${config.namespace} does not exist`);
});

test('worker and gateway say in one line which search attributes are missing', async () => {
  const config = newNamespace();
  await setup(connection, config, rememberingLog());
  await connection.operatorService.removeSearchAttributes({
    namespace: config.namespace,
    searchAttributes: ['JobState', 'CompletedBy'],
  });

  const failure = await requireSetup(connection, config).catch((error) => error);

  expect(failure.message).toBe(
    `run "jobherald setup" first: namespace ${config.namespace} lacks search attributes JobState, CompletedBy`,
  );
});

test('worker and gateway start where everything is there', async () => {
  await expect(requireSetup(connection, temporal.config)).resolves.toBeUndefined();
});

describe('without the operator API, as on Temporal Cloud', () => {
  test('missing search attributes are found by query', async () => {
    const cloud = await startCloudLikeTemporal(ALL.filter((name) => name !== 'JobEndedAt'));
    const connection = await dialClient({ address: cloud.address });

    expect(await missingSetup(connection, { namespace: 'mine' })).toEqual([
      'namespace mine lacks search attributes JobEndedAt',
    ]);

    await connection.close();
    cloud.stop();
  });

  test('setup says which attributes to add with which tool', async () => {
    const cloud = await startCloudLikeTemporal(ALL.filter((name) => name !== 'JobEndedAt'));
    const connection = await dialClient({ address: cloud.address });

    const config = { ...temporal.config, namespace: 'mine', retentionMs: 0 };
    const failure = await setup(connection, config, rememberingLog()).catch((error) => error);

    expect(failure).toMatchObject({ name: 'SetupError', code: 'not_allowed' });
    expect(failure.message).toContain('add JobEndedAt (Datetime) with its own tools (Temporal Cloud:');
    await connection.close();
    cloud.stop();
  });
});
