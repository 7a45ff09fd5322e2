import { status as Code } from '@grpc/grpc-js';
import { DEFAULTS } from '../../../src/config/defaults';
import { startVertexAiEmulator, type VertexAiEmulator } from '../../../src/dev/emulators/vertex-ai/emulator';
import type { Provider, ProviderError, ProviderOptions } from '../../../src/providers/provider';
import { createClients } from '../../../src/providers/vertex-ai/clients';
import type { VertexAiConfig } from '../../../src/providers/vertex-ai/config';
import { COLLECTIONS, JOB_KINDS } from '../../../src/providers/vertex-ai/job-name';
import { checkVertexAi, createVertexAiProvider } from '../../../src/providers/vertex-ai/provider';
import { freePort } from '../../support/free-port';

const PROJECTS = { 'shop-ml': '482013377105' };
const JOB = 'projects/482013377105/locations/europe-west4/batchPredictionJobs/3190772846511423488';
const forever = () => new AbortController().signal;

const configFor = (apiEndpoint: string, projects: VertexAiConfig['projects'] = PROJECTS): VertexAiConfig => ({
  configured: true,
  apiEndpoint,
  insecure: true,
  poll: { firstMs: 30_000, factor: 2, maxMs: 600_000, lostAfterMs: 600_000 },
  sweep: DEFAULTS.sweep,
  safetyMs: DEFAULTS.safetyMs,
  overdueAfterMs: null,
  track: { auto: false, endpoints: [], scopes: [], sinceMs: 0 },
  projects,
  pubsub: { push: { audience: '', serviceAccounts: [], jwksUri: '' }, pull: { subscription: '', apiEndpoint: '' } },
});

describe('the Vertex AI provider', () => {
  let emulator: VertexAiEmulator;
  let provider: Provider;
  const warnings: Parameters<ProviderOptions['warn']>[] = [];
  const warn: ProviderOptions['warn'] = (...warning) => void warnings.push(warning);

  beforeAll(async () => {
    emulator = await startVertexAiEmulator({ projects: PROJECTS });
    provider = createVertexAiProvider(configFor(emulator.address), { warn });
    await provider.warmUp?.();
  });
  beforeEach(() => {
    warnings.length = 0;
    emulator.putJob({ name: JOB, state: 'JOB_STATE_RUNNING', startTime: '2026-03-01T01:04:10Z' });
  });
  afterAll(async () => {
    await provider?.close();
    await emulator?.close();
  });

  it('returns the status of a batch prediction job that succeeded', async () => {
    emulator.putJob({
      name: JOB,
      state: 'JOB_STATE_SUCCEEDED',
      startTime: '2026-03-01T01:04:10Z',
      endTime: '2026-03-01T02:10:02.25Z',
      outputInfo: { bigqueryOutputDataset: 'bq://shop-analytics.churn', bigqueryOutputTable: 'predictions_1' },
      completionStats: { successfulCount: '9000000000', incompleteCount: '0' },
    });
    await expect(provider.getJobStatus(JOB, forever())).resolves.toEqual({
      state: 'COMPLETED',
      provider_state: 'JOB_STATE_SUCCEEDED',
      reason: null,
      message: null,
      error: null,
      artifacts: [{ uri: 'bq://shop-analytics.churn.predictions_1', type: 'BIGQUERY_TABLE' }],
      progress: {
        percentage_completed: 100,
        rows_completed: 9_000_000_000,
        rows_total: 9_000_000_000,
        successful_count: 9_000_000_000,
        failed_count: 0,
        incomplete_count: 0,
      },
      started_at: '2026-03-01T01:04:10Z',
      ended_at: '2026-03-01T02:10:02.250Z',
    });
  });

  it('leaves out what the API does not know, as gRPC writes it', async () => {
    emulator.setState(JOB, {
      state: 'JOB_STATE_FAILED',
      error: { code: 8, message: 'quota' },
      completionStats: { incompleteCount: '-1' },
    });
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({
      state: 'FAILED',
      error: { code: 8, message: 'quota' },
      artifacts: [],
      progress: { rows_completed: 0, successful_count: 0, failed_count: 0 },
      ended_at: null,
    });
  });

  it('finds partial failures behind a success', async () => {
    emulator.setState(JOB, { state: 'JOB_STATE_SUCCEEDED', partialFailures: [{ code: 5, message: 'no such file' }] });
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({ state: 'PARTIALLY_FAILED' });
  });

  it.each(COLLECTIONS)('asks for and cancels %s by the same code', async (collection) => {
    const name = `projects/482013377105/locations/us-central1/${collection}/42`;
    const states = /ipeline/.test(collection) ? 'PIPELINE_STATE' : 'JOB_STATE';
    emulator.putJob({ name, state: `${states}_RUNNING` });
    const before = emulator.calls.length;

    await provider.cancelJob?.(name, forever());
    await expect(provider.getJobStatus(name, forever())).resolves.toMatchObject({
      state: 'RUNNING',
      provider_state: `${states}_CANCELLING`,
    });
    emulator.setState(name, { state: `${states}_CANCELLED` });
    await expect(provider.getJobStatus(name, forever())).resolves.toMatchObject({ state: 'CANCELED' });

    const { type } = JOB_KINDS[collection];
    expect(emulator.calls.slice(before).map(({ method }) => method)).toEqual([
      `Cancel${type}`,
      `Get${type}`,
      `Get${type}`,
    ]);
  });

  it('knows one job by its project id and by its number', () => {
    expect(provider.canonicalJobName(JOB.replace('482013377105', 'shop-ml'))).toBe(JOB);
  });

  it('treats an unknown state as running, with a warning', async () => {
    emulator.setState(JOB, { state: 99 });
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({
      state: 'RUNNING',
      provider_state: '99',
    });
    expect(warnings).toEqual([
      [expect.stringContaining('99'), { provider: 'vertex-ai', job: JOB, provider_state: '99' }],
    ]);
  });

  it.each<[string, Code, string]>([
    ['NOT_FOUND', Code.NOT_FOUND, 'not_found'],
    ['INVALID_ARGUMENT', Code.INVALID_ARGUMENT, 'not_found'],
    ['PERMISSION_DENIED', Code.PERMISSION_DENIED, 'permission_denied'],
    ['UNAUTHENTICATED', Code.UNAUTHENTICATED, 'permission_denied'],
    ['UNIMPLEMENTED', Code.UNIMPLEMENTED, 'unsupported'],
    ['UNAVAILABLE', Code.UNAVAILABLE, 'unavailable'],
    ['RESOURCE_EXHAUSTED', Code.RESOURCE_EXHAUSTED, 'unavailable'],
    ['INTERNAL', Code.INTERNAL, 'unavailable'],
  ])('makes %s of %i an error with the code %s, once and with its cause', async (_name, code, expected) => {
    emulator.fail(JOB, code);
    await expect(provider.getJobStatus(JOB, forever())).rejects.toMatchObject({
      name: 'ProviderError',
      code: expected,
      message: expect.stringContaining(JOB),
      cause: expect.objectContaining({ code }),
    } satisfies Record<keyof Pick<ProviderError, 'name' | 'code' | 'message' | 'cause'>, unknown>);
    await expect(provider.getJobStatus(JOB, forever())).resolves.toMatchObject({ state: 'RUNNING' });
  });

  it('names the permission that is missing', async () => {
    emulator.fail(JOB, Code.PERMISSION_DENIED);
    await expect(provider.getJobStatus(JOB, forever())).rejects.toThrow('aiplatform.batchPredictionJobs.get');
  });

  it('does not mind cancelling a job that is over', async () => {
    emulator.fail(JOB, Code.FAILED_PRECONDITION);
    await expect(provider.cancelJob?.(JOB, forever())).resolves.toBeUndefined();
  });

  it('cannot cancel what the API refuses to cancel', async () => {
    emulator.fail(JOB, Code.INVALID_ARGUMENT);
    await expect(provider.cancelJob?.(JOB, forever())).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('stops a call when its caller does', async () => {
    const patient = createVertexAiProvider(configFor(emulator.address), { warn, deadlineMs: 3_600_000 });
    const release = emulator.hold(JOB);
    const caller = new AbortController();
    const before = emulator.calls.length;
    const asked = patient.getJobStatus(JOB, caller.signal);
    while (emulator.calls.length === before) await new Promise(setImmediate);
    caller.abort(new Error('the worker stops'));
    await expect(asked).rejects.toThrow('the worker stops');
    release();
    await expect(patient.getJobStatus(JOB, caller.signal)).rejects.toThrow('the worker stops');
    expect(emulator.calls.length).toBe(before + 1);
    await patient.close();
  });

  it('bounds a call without an answer', async () => {
    const impatient = createVertexAiProvider(configFor(emulator.address), { warn, deadlineMs: 100 });
    const release = emulator.hold(JOB);
    await expect(impatient.getJobStatus(JOB, forever())).rejects.toMatchObject({
      code: 'unavailable',
      cause: { code: Code.DEADLINE_EXCEEDED },
    });
    release();
    await impatient.close();
  });

  it('finds the API again after it was away', async () => {
    const first = await startVertexAiEmulator({ projects: PROJECTS, port: await freePort() });
    const patient = createVertexAiProvider(configFor(first.address), { warn });
    first.putJob({ name: JOB, state: 'JOB_STATE_RUNNING' });
    await patient.getJobStatus(JOB, forever());
    await first.close();
    await expect(patient.getJobStatus(JOB, forever())).rejects.toMatchObject({ code: 'unavailable' });

    const second = await startVertexAiEmulator({ projects: PROJECTS, port: first.port });
    second.putJob({ name: JOB, state: 'JOB_STATE_SUCCEEDED' });
    let state = '';
    while (!state) {
      state = await patient.getJobStatus(JOB, forever()).then(
        (status) => status.state,
        () => new Promise<string>((resolve) => setImmediate(resolve, '')),
      );
    }
    expect(state).toBe('COMPLETED');
    await patient.close();
    await second.close();
  });

  it('checks whether jobs of the configured project may be read', async () => {
    await expect(provider.check(forever())).resolves.toContain(
      'may read batch prediction jobs of project 482013377105',
    );
    emulator.fail('projects/482013377105/locations/us-central1/batchPredictionJobs/1', Code.PERMISSION_DENIED);
    await expect(provider.check(forever())).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('checks whether what is tracked may be listed, and names the permission that is missing', async () => {
    const scopes = ['projects/482013377105/locations/europe-west4/customJobs'];
    const config = { ...configFor(emulator.address), track: { auto: true, endpoints: [], scopes, sinceMs: 0 } };
    const tracking = createVertexAiProvider(config, { warn });
    await expect(tracking.check(forever())).resolves.toBe(`may list and read jobs of ${scopes[0]}`);
    emulator.refuse('ListCustomJobs', { code: Code.PERMISSION_DENIED });
    await expect(tracking.check(forever())).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringMatching(/^Vertex AI refuses to list .*Grant aiplatform\.customJobs\.list to the worker's/),
    });
    emulator.refuse('ListCustomJobs', undefined);
    await tracking.close();
  });

  it('reports what to do where the check finds no credentials', async () => {
    const none = () => Promise.reject(new Error('Could not load the default credentials. Browse to https://…'));
    const config = configFor(emulator.address, {});
    const clients = { ...createClients(config), stub: none };
    const checked = checkVertexAi({ config, clients, deadlineMs: 1_000, get: none, list: none });
    await expect(checked).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('gcloud auth application-default login'),
    });
  });

  it('checks only the connection to the API where no project is configured, and reports that', async () => {
    const bare = createVertexAiProvider(configFor(emulator.address, {}), { warn });
    await expect(bare.check(forever())).resolves.toContain('permissions were not tried');
    await bare.close();
  });

  it('reports the address where it could not reach the API', async () => {
    const closed = await freePort();
    const lost = createVertexAiProvider(configFor(`127.0.0.1:${closed}`, {}), { warn, deadlineMs: 100 });
    await expect(lost.check(forever())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`${closed}`),
    });
    await lost.close();
  });
});
