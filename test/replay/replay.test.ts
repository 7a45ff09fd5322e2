import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type InjectedSinks, type ReplayResult, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import type { JobSinks } from '../../src/domain/job-sinks';
import * as workflowTypes from '../../workflows';
import { quietRuntime } from '../support/quiet-runtime';
import { workflows } from '../support/workflows';
import { type RecordedHistory, recordedHistories } from './histories';
import { SCENARIOS } from './scenarios';

const HISTORIES = recordedHistories();
const ignored = { fn: () => undefined, callDuringReplay: false };
const sinks: InjectedSinks<JobSinks> = { metrics: { overdue: ignored, ended: ignored } };

/**
 * Runs like these are open in production while a new version is rolled out. A failure here means that the change needs
 * `patched`, or a workflow type of its own; recording the history anew only hides it.
 */
describe('a recorded history', () => {
  beforeAll(quietRuntime);

  const replay = async (recorded: readonly Pick<RecordedHistory, 'workflowId' | 'history'>[]) => {
    const results: ReplayResult[] = [];
    const workflowBundle = await workflows();
    for await (const result of Worker.runReplayHistories({ workflowBundle, sinks }, recorded)) results.push(result);
    return results;
  };

  it.each(HISTORIES)('is followed by the workflows as they are now: $name', async (recorded) => {
    expect(await replay([recorded])).toEqual([expect.objectContaining({ error: undefined })]);
  });

  it('that the workflows do not follow is detected', async () => {
    const recorded = HISTORIES.find(({ name }) => name === 'exhausted') as RecordedHistory;
    const { events } = recorded.history;
    const swapped = events?.map((event) => {
      const attributes = event.activityTaskScheduledEventAttributes;
      return attributes?.activityType?.name === 'deliver'
        ? { ...event, activityTaskScheduledEventAttributes: { ...attributes, activityType: { name: 'deliverNow' } } }
        : event;
    });
    const [result] = await replay([{ ...recorded, history: { events: swapped ?? [] } }]);
    expect(result?.error).toBeInstanceOf(DeterminismViolationError);
  });

  // A workflow task that takes 5 s, on a machine that stands still, ends as abruptly: the SDK runs what was left as it evicts the run.
  it('that cannot be followed half-way does not end the worker, which follows the next', async () => {
    // One workflow task hears of two deliveries that are done.
    const whole = HISTORIES.find(({ name }) => name === 'signal-completed') as RecordedHistory;
    const { events } = structuredClone(whole.history);
    const [, second] = events?.flatMap((event) => event.activityTaskCompletedEventAttributes ?? []) ?? [];
    if (second)
      second.result = { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') }] };
    const results = await replay([{ ...whole, history: { events: events ?? [] } }, whole]);
    expect(results.map(({ error }) => error?.message)).toEqual([expect.stringContaining('JSON'), undefined]);
  });

  it('is there for every workflow type, open and closed for a job', () => {
    expect(new Set(HISTORIES.map(({ workflowType }) => workflowType))).toEqual(new Set(Object.keys(workflowTypes)));
    const jobs = HISTORIES.filter(({ workflowType }) => workflowType === 'job');
    expect(new Set(jobs.map(({ isOpen }) => isOpen))).toEqual(new Set([true, false]));
  });

  it('is there for every scenario', () => {
    const missing = SCENARIOS.filter((scenario) => !HISTORIES.some(({ name }) => name.startsWith(scenario.name)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it.each(HISTORIES)('holds nothing of the machine that recorded it: $name', ({ text }) => {
    const readable = text.replace(/[A-Za-z0-9+/]{16,}={0,2}/g, (base64) => Buffer.from(base64, 'base64').toString());
    for (const whole of [text, readable]) {
      expect(whole).not.toContain(`@${hostname()}`);
      expect(whole).not.toContain(resolve(__dirname, '../..'));
      expect(whole).not.toMatch(/\/(?:home|root|tmp|Users|node_modules)\/|\d+@[a-z]|@temporalio\/worker@/);
    }
  });
});
