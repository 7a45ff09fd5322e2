import { NOT_ASKED_YET } from '../../src/domain/job-run';
import { eventually } from '../support/eventually';
import { RUNNING, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import type { Scenario } from './scenarios';

/** What providers' own messages lead to, and the end that goes to several endpoints at once. */
export const PROVIDER_SCENARIOS: readonly Scenario[] = [
  {
    name: 'notified-together',
    async play({ submit, provider, orders }) {
      orders.answer((before) => (before < 2 ? 500 : 204));
      const handle = await submit();
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await handle.result();
      return { '': handle };
    },
  },
  {
    // Temporal does not compare how long timers are: whichever is begun first has to stay so.
    name: 'two-timers',
    provider: () => scriptedProvider({ rules: { truth: 'provider', timeout_seconds: 3600 } }),
    async play({ submit, provider }) {
      const handle = await submit({ heartbeat_deadline_seconds: 1 });
      await eventually('the deadline is missed', () => provider.asked.length === 2);
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await handle.result();
      return { '': handle };
    },
  },
  {
    name: 'reported',
    provider: () =>
      scriptedProvider({
        rules: { truth: 'messages', stalled: { grace_seconds: 0, fail_after: 2 } },
        track: { auto: true, endpoints: ['audit'] },
      }),
    async play({ run }) {
      const report = (job: string, status: string) =>
        run.inbox.report('scripted', job, { idempotency_key: `${job} ${status}`, data: { status } });
      await report('reported', 'RUNNING');
      await run.inbox.heartbeat('scripted', 'reported', { heartbeat_deadline_seconds: 3600 });
      await report('reported', 'COMPLETED');
      const reported = run.client.workflow.getHandle('scripted/reported');
      await reported.result();

      await run.inbox.heartbeat('scripted', 'stalled', { heartbeat_deadline_seconds: 0.2 });
      const stalled = run.client.workflow.getHandle('scripted/stalled');
      await stalled.result();
      return { '': reported, '-stalled': stalled };
    },
  },
  {
    name: 'callback',
    provider: () =>
      scriptedProvider({
        poll: { firstMs: 60_000, factor: 1, maxMs: 60_000 },
        rules: { truth: 'provider', ask_from: 'identity', release: true },
        track: { auto: true, endpoints: ['orders', 'audit'] },
      }),
    async play({ run, provider }) {
      const initial = { ...NOT_ASKED_YET, ...RUNNING };
      const track = (job: string, more: object = {}) =>
        run.inbox.track({ provider: 'scripted', job, origin: { task: 'T' }, initial, ...more });
      const call = (job: string, key: string) =>
        run.inbox.callback('scripted', job, { idempotency_key: key, identity: 'I', metadata: {} });

      await track('callback');
      await call('callback', 'too early');
      provider.says(SUCCEEDED);
      await call('callback', 'in time');
      const called = run.client.workflow.getHandle('scripted/callback');
      await called.result();

      await track('timed-out', { timeout_seconds: 1 });
      const timedOut = run.client.workflow.getHandle('scripted/timed-out');
      await timedOut.result();
      return { '': called, '-timed-out': timedOut };
    },
  },
  {
    name: 'passed-on',
    async play({ submit, provider, run, audit }) {
      const handle = await submit();
      const event = { key: 'k', type: 'task.running', timestamp: '2026-01-02T03:04:05Z', message: { n: 1 } } as const;
      await run.inbox.passOn('scripted', 'passed-on', event);
      await eventually('it is notified', () => audit.received.some(({ json }) => json.type === 'task.running'));
      provider.says(SUCCEEDED);
      await handle.signal('completion');
      await handle.result();

      const workflow_id = 'scripted/event/1';
      await run.inbox.passOnWithoutJob('scripted', { ...event, workflow_id });
      const alone = run.client.workflow.getHandle(workflow_id);
      await alone.result();
      return { '': handle, '-without-job': alone };
    },
  },
];
