import type { Job, JobAttempt, JobDelivery, JobEndpoint } from '../../schemas/types';
import { formatDuration } from '../domain/duration';
import { columns, plain } from './cli-io';

/** A job as a person reads it: its state, its deliveries, and where to read on. */
export function jobReport(job: Job, now: Date): string {
  const parts = [
    `${job.provider} ${plain(job.job)}`,
    columns(facts(job)),
    deliveryTable(job.deliveries, now),
    redeliveryTable(job),
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** The same in one line, for a list of changes. */
export function jobLine({ state, phase, deliveries }: Job): string {
  const each = deliveries.map(({ endpoint, event, state, attempt_count }) => {
    const tries = state === 'pending' && attempt_count > 0 ? ` (attempts: ${attempt_count})` : '';
    return `${endpoint} ${event} ${state}${tries}`;
  });
  return [state, phase, ...each].join(' · ');
}

function facts(job: Job): string[][] {
  const { provider_state, reason, message, error, progress, links } = job;
  const all: readonly (readonly [name: string, value: string | null | undefined | false])[] = [
    ['state', provider_state ? `${job.state} (${plain(provider_state)})` : job.state],
    ['phase', job.completed_by ? `${job.phase}, completed by ${job.completed_by}` : job.phase],
    ['reason', reason],
    ['message', message],
    ['error', error && `${error.code}: ${error.message}`],
    ['progress', progress && JSON.stringify(progress)],
    ...job.artifacts.map(({ uri }) => ['output', uri] as const),
    ['started', job.started_at],
    ['ended', job.ended_at],
    ['correlation', job.correlation_id],
    ['key', job.idempotency_key],
    ...job.endpoints.map((endpoint) => ['notifies', describeEndpoint(endpoint)] as const),
    ...(job.warnings ?? []).map((warning) => ['warning', warning] as const),
    ['web ui', links.web_ui],
  ];
  return all.flatMap(([name, value]) => (value ? [[name, plain(value)]] : []));
}

function describeEndpoint({ name, type, url, events }: JobEndpoint): string {
  return `${name} (${url ?? type}) of ${events.join(', ')}`;
}

function deliveryTable(deliveries: readonly JobDelivery[], now: Date): string {
  if (deliveries.length === 0) return '';
  return columns([
    ['endpoint', 'event', 'delivery', 'attempts', 'last attempt', 'next attempt'],
    ...deliveries.map(({ endpoint, event, state, reason, attempt_count, attempts }) => {
      const last = attempts.at(-1);
      return [
        endpoint,
        event,
        reason ? `${state} (${plain(reason)})` : state,
        String(attempt_count),
        last ? describeAttempt(last) : '-',
        (state === 'pending' && last?.next_attempt && due(last.next_attempt, now)) || '-',
      ];
    }),
  ]);
}

function redeliveryTable({ redeliveries }: Job): string {
  if (redeliveries.length === 0) return '';
  return columns([
    ['redelivered to', 'event', 'delivery', 'attempts', 'last attempt'],
    ...redeliveries.map(({ endpoint, event, state, reason, attempt_count, attempts }) => {
      const last = attempts.at(-1);
      const what = reason ? `${state} (${plain(reason)})` : state;
      return [endpoint, event, what, String(attempt_count), last ? describeAttempt(last) : '-'];
    }),
  ]);
}

function describeAttempt({ time, status, error, duration_ms }: JobAttempt): string {
  const answer = error ? plain(error) : `HTTP ${status}`;
  return `${time} ${answer} (${Math.round(duration_ms)} ms)`;
}

function due(time: string, now: Date): string {
  const seconds = Math.round((Date.parse(time) - now.getTime()) / 1000);
  return seconds > 0 ? `${time} (in ${formatDuration(seconds * 1000)})` : `${time} (now)`;
}
