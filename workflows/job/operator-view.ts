import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { Delivery, DeliveryState } from '../../src/domain/delivery';
import { terminalEventType } from '../../src/domain/event-type';
import type { CompletedBy, EndedMemo, JobResult, PlannedDelivery } from '../../src/domain/job-run';
import { isTerminal } from '../../src/domain/job-state';
import type { JobStatus } from '../../src/domain/job-status';
import { markdownCode as code, markdownText as text } from '../../src/domain/markdown';
import { endpointAttribute, SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes';
import { deliveryOf } from './planned-deliveries';
import { isOpen, type Run } from './run';

/**
 * What an operator sees in the Web UI and finds by a query. Current details cost no history event, so they follow every step;
 * an upsert of attributes or memo costs one, so those change when the job's state does and when everyone has been notified.
 */

/** The run as an operator reads it in the Web UI, in Markdown. Attempts under way stand with the pending activity. */
export function showCurrentDetails({ input, state }: Run): void {
  const { phase, status, cancellation, deliveries } = state;
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
    ...status.artifacts.map(({ uri }) => `Output: ${code(uri)}`),
  ].filter(Boolean);
  setCurrentDetails([facts.join('  \n'), ...tableOf(deliveries.map(deliveryOf))].join('\n\n'));
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
function tableOf(deliveries: readonly Delivery[]): string[] {
  if (deliveries.length === 0) return [];
  const rows = deliveries.slice(-ROWS).map(({ endpoint, event, state, attempt_count, reason }) => {
    const attempts = state === 'pending' ? 'see the pending activity' : String(attempt_count);
    return `| ${text(endpoint)} | ${code(event)} | \`${state}\`${reason ? ` (${text(reason)})` : ''} | ${attempts} |`;
  });
  const left = deliveries.length - rows.length;
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
  if (isOpen(run)) upsertMemo({ status: publicStatus(run.state.status) }); // else shown with the end
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
export function showEnd({ state }: Run, completedBy: CompletedBy): void {
  const { JobState, CompletedBy, JobEndedAt, DeliveryState } = SEARCH_ATTRIBUTES;
  const { status, deliveries, published } = state;
  const event = isTerminal(status.state) ? published[terminalEventType(status.state)] : undefined;
  upsertSearchAttributes([
    { key: JobState, value: status.state },
    { key: CompletedBy, value: completedBy },
    { key: JobEndedAt, value: new Date(status.ended_at ?? Date.now()) },
    { key: DeliveryState, value: deliveryStates(deliveries) },
  ]);
  const ended: EndedMemo = {
    status: publicStatus(status),
    completed_by: completedBy,
    ...(event && { event }),
    deliveries: deliveries.map((planned) => ({ ...deliveryOf(planned), attempts: [] })),
  };
  upsertMemo({ ended });
}

/** Every delivery is settled: shows it, and returns the run's result. */
export function finish(run: Run, completedBy: CompletedBy): JobResult {
  const { state } = run;
  state.phase = { kind: 'done', completedBy };
  if (state.deliveries.length > 0) {
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.DeliveryState, value: deliveryStates(state.deliveries) }]);
  }
  showCurrentDetails(run);
  const deliveries = state.deliveries.map(deliveryOf);
  return { ...publicStatus(state.status), completed_by: completedBy, deliveries: withBoundedAttempts(deliveries) };
}

function deliveryStates(deliveries: readonly PlannedDelivery[]): DeliveryState[] {
  return [...new Set(deliveries.map((planned) => deliveryOf(planned).state))].sort();
}

/** How many attempts a run's result holds in all: Temporal refuses a result over 2 MiB. */
const KEPT_IN_ALL = 1000;
const KEPT_AT_LEAST = 5;

/** The deliveries with the last of their attempts, so that many endpoints with many failures still fit. */
function withBoundedAttempts(deliveries: readonly Delivery[]): Delivery[] {
  const keep = Math.max(KEPT_AT_LEAST, Math.floor(KEPT_IN_ALL / Math.max(1, deliveries.length)));
  return deliveries.map((delivery) => ({ ...delivery, attempts: delivery.attempts.slice(-keep) }));
}
