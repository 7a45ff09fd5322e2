import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Counters, Observations } from '../../activities/dependencies';
import type { CompletedBy } from '../domain/job-run';

const FOUND_BY: readonly CompletedBy[] = ['signal', 'poll', 'heartbeat'];

/**
 * The worker's own metrics, documented in docs/metrics.md. Endpoint names are configuration, so they are bounded; inline ones are one label.
 * @param providers whose ends are counted from 0 on, so that a first one is an increase
 */
export function createCounters(registry: Registry, providers: Iterable<string> = []): Counters {
  const providerRequests = new Counter({
    name: 'jobherald_provider_requests_total',
    help: 'Questions to a provider about a job, by result.',
    labelNames: ['provider', 'result'],
    registers: [registry],
  });
  const attempts = new Counter({
    name: 'jobherald_delivery_attempts_total',
    help: 'Attempts to deliver an event, by outcome.',
    labelNames: ['endpoint', 'outcome'],
    registers: [registry],
  });
  const attemptSeconds = new Histogram({
    name: 'jobherald_delivery_attempt_duration_seconds',
    help: 'How long an attempt took.',
    labelNames: ['endpoint'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: 'jobherald_deliveries_total',
    help: 'Deliveries that are settled, by how.',
    labelNames: ['endpoint', 'state'],
    registers: [registry],
  });
  const overdue = new Counter({
    name: 'jobherald_overdue_jobs_total',
    help: 'Jobs that were still open after overdue_after.',
    labelNames: ['provider'],
    registers: [registry],
  });
  const ended = new Counter({
    name: 'jobherald_jobs_ended_total',
    help: 'Jobs that have ended, by what found it out.',
    labelNames: ['provider', 'completed_by'],
    registers: [registry],
  });
  for (const provider of providers) {
    for (const completed_by of FOUND_BY) ended.inc({ provider, completed_by }, 0);
  }
  const broken = new Counter({
    name: 'jobherald_broken_runs_total',
    help: 'Runs that were terminated, failed or timed out, by workflow type.',
    labelNames: ['workflow_type'],
    registers: [registry],
  });
  const unreadable = new Counter({
    name: 'jobherald_unreadable_jobs_total',
    help: "Jobs of which nobody could read the provider's answers, three times and for 30 s.",
    labelNames: ['provider'],
    registers: [registry],
  });
  return {
    unreadable: (provider) => unreadable.inc({ provider }),
    brokenRun: (type) => broken.inc({ workflow_type: type }),
    overdue: (provider) => overdue.inc({ provider }),
    ended: (provider, completed_by) => ended.inc({ provider, completed_by }),
    providerRequest: (provider, result) => providerRequests.inc({ provider, result }),
    attempt: (endpoint, outcome, seconds) => {
      attempts.inc({ endpoint: label(endpoint), outcome });
      attemptSeconds.observe({ endpoint: label(endpoint) }, seconds);
    },
    delivery: (endpoint, state) => deliveries.inc({ endpoint: label(endpoint), state }),
  };
}

function label(endpoint: string): string {
  return endpoint.startsWith('inline-') ? 'inline' : endpoint;
}

/** What the watches of this worker show. A scope that another worker watches is not here. */
export function createObservations(registry: Registry): Observations {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['provider', 'scope'], registers: [registry] });
  const watched = gauge('jobherald_watched_jobs', 'Open jobs of a scope at its last sweep.');
  const duration = gauge('jobherald_sweep_duration_seconds', 'How long the last sweep of a scope took.');
  const lag = gauge(
    'jobherald_sweep_lag_seconds',
    'How much longer than `sweep.every` the last sweep of a scope took.',
  );
  const budget = gauge('jobherald_sweep_budget_used_ratio', 'How much of its budget a scope has used, from 0 to 1.');
  const counts = createCountGauges(registry);
  return {
    ...counts,
    sweepsEnded({ provider, scope }) {
      for (const each of [watched, duration, lag, budget]) each.remove({ provider, scope });
    },
    sweep({ provider, scope }, { open_jobs, sweep_ms }, budgetUsed, everyMs) {
      const labels = { provider, scope };
      watched.set(labels, open_jobs);
      duration.set(labels, (sweep_ms ?? 0) / 1000);
      lag.set(labels, Math.max(0, (sweep_ms ?? 0) - everyMs) / 1000);
      budget.set(labels, budgetUsed);
    },
  };
}

/** What the caretaker counts for the whole installation; absent where the caretaker is another worker's. */
function createCountGauges(registry: Registry): Pick<Observations, 'counts' | 'countsEnded'> {
  const registers = [registry];
  const openJobs = new Gauge({
    name: 'jobherald_open_jobs',
    help: 'Jobs whose end is not known.',
    labelNames: ['provider'],
    registers,
  });
  const pending = new Gauge({
    name: 'jobherald_pending_deliveries',
    help: 'Jobs with a delivery to the endpoint pending that ended at least so long ago.',
    labelNames: ['endpoint', 'age'],
    registers,
  });
  const paused = new Gauge({
    name: 'jobherald_paused_endpoints',
    help: 'Endpoints that are paused.',
    labelNames: [],
    registers,
  });
  paused.remove(); // a gauge without labels shows 0 before it is set
  return {
    counts(counts) {
      for (const [provider, jobs] of counts.openJobs) openJobs.set({ provider }, jobs);
      for (const { endpoint, age, jobs } of counts.pendingDeliveries) pending.set({ endpoint, age }, jobs);
      paused.set(counts.pausedEndpoints);
    },
    countsEnded() {
      for (const each of [openJobs, pending, paused]) each.reset();
      paused.remove();
    },
  };
}
