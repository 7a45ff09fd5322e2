import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { memoStatus } from '../../src/domain/bounded-status';
import { type Delivery, withBoundedAttempts } from '../../src/domain/delivery';
import { terminalEventType } from '../../src/domain/event-type';
import {
  type CompletedBy,
  type EndedMemo,
  type JobResult,
  type RunCounts,
  shownCounts,
  type UnscheduledMemo,
} from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { markdownCode as code, markdownText as text } from '../../src/domain/markdown';
import { deliveryStateAttribute, endpointAttribute, SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes';
import { deliveriesOf, pendingView, waiting } from './planned-deliveries';
import { isOpen, type Run } from './run';

/**
 * What an operator sees in the Web UI and finds by a query. Current details cost no history event, so they follow every step;
 * an upsert of attributes or memo costs one, so those change when the job's state does and when everyone has been notified.
 */

/** The run as an operator reads it in the Web UI, in Markdown. Attempts under way stand with the pending activity. */
export function showCurrentDetails(run: Run): void {
  const { input, state } = run;
  const { phase, status, cancellation } = state;
  const outputs = status.artifacts.slice(0, ROWS).map(({ uri }) => `Output: ${code(uri)}`);
  const more = (status.artifacts_total ?? status.artifacts.length) - outputs.length;
  const facts = [
    ...(input.carried ? CONTINUED(input) : []),
    `**${phase.kind}**: ${SENTENCE[phase.kind]}`,
    `State: \`${status.state}\`${status.provider_state ? ` (provider state ${code(status.provider_state)})` : ''}`,
    'completedBy' in phase && `Completed by: ${phase.completedBy}`,
    status.reason && `Reason: ${code(status.reason)}`,
    status.error && `Error ${text(String(status.error.code))}: ${text(status.error.message)}`,
    status.message && `Message: ${text(status.message)}`,
    state.overdueNotified && 'Overdue: it has taken longer than `overdue_after`',
    cancellation !== 'none' && `Cancellation: ${cancellation.replaceAll('_', ' ')}`,
    ...outputs,
    more > 0 && `…and ${more} more outputs`,
  ].filter(Boolean);
  setCurrentDetails([facts.join('  \n'), ...tableOf(deliveriesOf(run), state.settledCounts)].join('\n\n'));
}

const SENTENCE = {
  waiting: 'Waiting for a `completion` signal, a sweep that finds the job changed, or a missed heartbeat deadline.',
  fetching: 'Asking the provider for the final status and the output.',
  notifying: 'The job has ended; its endpoints are being notified.',
  done: 'The job has ended, and so has every delivery.',
} as const;

/** Temporal gives the summary and details that a run was started with to the first run only. */
const CONTINUED = ({ job, provider, idempotency_key }: Run['input']): string[] => [
  `Job ${code(job)} of ${code(provider)}, idempotency key ${code(idempotency_key)}`,
  'Continued from an earlier run, where its summary and details stand.',
];

/** How many deliveries the table shows: the Web UI shows the details whole. */
const ROWS = 20;

/** Events and states as code, because the Web UI puts no space between the cells of a table. */
function tableOf(deliveries: readonly Delivery[], counts: RunCounts): string[] {
  if (deliveries.length === 0) return [];
  const rows = deliveries.slice(-ROWS).map(({ endpoint, event, state, attempt_count, reason }) => {
    const attempts = state === 'pending' ? 'see the pending activity' : String(attempt_count);
    return `| ${text(endpoint)} | ${code(event)} | \`${state}\`${reason ? ` (${text(reason)})` : ''} | ${attempts} |`;
  });
  const pending = deliveries.filter(({ state }) => state === 'pending').length;
  const left = Object.values(counts).reduce((sum, count) => sum + count, pending) - rows.length;
  return [
    ['| endpoint | event | delivery | attempts |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...(left > 0 ? [`…and ${left} before these.`] : []),
  ];
}

/** The state of an open job has changed: it is searchable from now on. Readers find the rest in the run's history. */
export function showState({ state }: Run): void {
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.JobState, value: state.status.state }]);
}

/** What a job's messages have said, where they are the truth: no answer of a provider stands in the history. */
export function showReport(run: Run): void {
  if (isOpen(run)) upsertMemo({ status: memoStatus(run.state.status) }); // else shown with the end
}

/**
 * Something has happened to the deliveries: in the details it is seen at once. Memo and attributes cost a history event each, so
 * they change only where the history does not show it: for what waits and what was overtaken, and after the end for whom something
 * is pending.
 */
export function showDeliveries(run: Run): void {
  showCurrentDetails(run);
  const unscheduled = newUnscheduled(run);
  if (unscheduled) upsertMemo({ unscheduled });
  const { phase, pending } = run.state;
  if (phase.kind !== 'notifying' || pending.length === 0) return; // settled as a whole, it is shown by finish
  const value = newDeliveryState(run);
  if (value) upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.DeliveryState, value }]);
}

/** Undefined where it has been shown. */
function newUnscheduled(run: Run): UnscheduledMemo | undefined {
  const { count, last } = run.overtaken;
  const deliveries = [...last.map(withoutAttempts), ...waiting(run).map((planned) => pendingView(run.state, planned))];
  const { unscheduled: before = NOTHING_UNSCHEDULED } = run.shown;
  const unscheduled = { deliveries, overtaken: count };
  run.shown.unscheduled = JSON.stringify(unscheduled);
  return run.shown.unscheduled === before ? undefined : unscheduled;
}

const NOTHING_UNSCHEDULED = JSON.stringify({ deliveries: [], overtaken: 0 } satisfies UnscheduledMemo);

/** Undefined where it has been shown. */
function newDeliveryState(run: Run): string[] | undefined {
  const { settledCounts, pending } = run.state;
  const settled = (['delivered', 'exhausted', 'gone'] as const).filter((state) => settledCounts[state] > 0);
  const names = new Set(pending.map(({ endpoint }) => endpoint));
  const endpoints = run.input.subscriptions.filter(({ endpoint }) => names.has(endpoint));
  const value = deliveryStateAttribute([...settled, ...(pending.length > 0 ? (['pending'] as const) : [])], endpoints);
  const before = run.shown.deliveryState;
  run.shown.deliveryState = JSON.stringify(value);
  return run.shown.deliveryState === before ? undefined : value;
}

function withoutAttempts(delivery: Delivery): Delivery {
  return { ...delivery, attempts: [] };
}

/** A status without what only its provider's own format needs. */
export function publicStatus({ native: _, ...status }: JobStatus): JobStatus {
  return status;
}

/** The run has adopted a submission: its key, labels and endpoints are searchable and readable from now on. */
export function showAdopted({ input, state }: Run): void {
  const { idempotency_key, correlation_id, labels, subscriptions } = input;
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.JobEndpoint, value: endpointAttribute(subscriptions) }]);
  upsertMemo({ idempotency_key, correlation_id, labels, submission_sha256: state.adopted, tracked: null });
}

/** The job has ended: how is searchable from now on, and readable without a worker. */
export function showEnd(run: Run, completedBy: CompletedBy): void {
  const { JobState, CompletedBy, JobEndedAt, DeliveryState } = SEARCH_ATTRIBUTES;
  const { status, published } = run.state;
  const event = isTerminal(status.state) ? published[terminalEventType(status.state)] : undefined;
  upsertSearchAttributes([
    { key: JobState, value: status.state },
    { key: CompletedBy, value: completedBy },
    { key: JobEndedAt, value: new Date(status.ended_at ?? Date.now()) },
    { key: DeliveryState, value: newDeliveryState(run) ?? [] },
  ]);
  const ended: EndedMemo = {
    status: memoStatus(status),
    completed_by: completedBy,
    ...(event && { event }),
    deliveries: deliveriesOf(run).map(withoutAttempts),
  };
  const unscheduled = newUnscheduled(run);
  upsertMemo({ ended, ...(unscheduled && { unscheduled }) });
}

/** Every delivery is settled: shows it, and returns the run's result. */
export function finish(run: Run, completedBy: CompletedBy): JobResult {
  const { state } = run;
  state.phase = { kind: 'done', completedBy };
  const value = newDeliveryState(run);
  if (value && value.length > 0) upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.DeliveryState, value }]);
  showCurrentDetails(run);
  return {
    ...publicStatus(state.status),
    completed_by: completedBy,
    deliveries: withBoundedAttempts(state.settled),
    deliveries_settled: shownCounts(state.settledCounts),
  };
}
