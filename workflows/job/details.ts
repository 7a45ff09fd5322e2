import type { PlannedDelivery } from '../../src/domain/job-run';
import type { Run } from './run';

const SENTENCE = {
  waiting: 'Waiting for a `completion` signal, a missed heartbeat deadline or the fallback poll.',
  fetching: 'Asking the provider for the final status and the output.',
  notifying: 'The job has ended; its endpoints are being told.',
  done: 'The job has ended, and every delivery with it.',
} as const;

/** How many deliveries the table shows: the details are shown whole in the Web UI. */
const ROWS = 20;

/** The run as an operator reads it in the Web UI, in Markdown. Attempts under way stand with the pending activity. */
export function detailsOf(run: Run): string {
  const { phase, status, completedBy, cancel, deliveries } = run;
  const facts = [
    ...identityOf(run),
    `**${phase}**: ${SENTENCE[phase]}`,
    `State: \`${status.state}\`${status.provider_state ? ` (the provider says \`${status.provider_state}\`)` : ''}`,
    completedBy && `Completed by: ${completedBy}`,
    status.reason && `Reason: \`${status.reason}\``,
    status.error && `Error ${status.error.code}: ${inline(status.error.message)}`,
    status.message && `Message: ${inline(status.message)}`,
    cancel !== 'none' && `Cancellation: ${cancel}`,
    ...status.artifacts.map(({ uri }) => `Output: \`${uri}\``),
  ].filter(Boolean);
  return [facts.join('  \n'), ...table(deliveries)].join('\n\n');
}

/** Temporal gives the summary and details that a run was started with to the first run only. */
function identityOf({ input }: Run): string[] {
  if (!input.carried) return [];
  return [
    `Job \`${input.job}\` of \`${input.provider}\`, idempotency key \`${input.idempotency_key}\``,
    'Continued from an earlier run, where its summary and details stand.',
  ];
}

/** Events and states as code, because the Web UI puts no space between the cells of a table. */
function table(deliveries: readonly PlannedDelivery[]): string[] {
  if (deliveries.length === 0) return [];
  const rows = deliveries.slice(-ROWS).map(({ delivery }) => {
    const { endpoint, event, state, attempt_count, reason } = delivery;
    const attempts = state === 'pending' ? 'see the pending activity' : String(attempt_count);
    return `| ${endpoint} | \`${event}\` | \`${state}\`${reason ? ` (${inline(reason)})` : ''} | ${attempts} |`;
  });
  const left = deliveries.length - rows.length;
  return [
    ['| endpoint | event | delivery | attempts |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...(left > 0 ? [`…and ${left} before these.`] : []),
  ];
}

/** One line that cannot break out of a table cell. */
function inline(text: string): string {
  return text.slice(0, 300).replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
