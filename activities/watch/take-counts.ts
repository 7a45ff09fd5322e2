import { ENDPOINT_PAUSE_WORKFLOW_TYPE } from '../../src/domain/endpoint-pause';
import { WORKFLOW_TYPE } from '../../src/domain/job-messages';
import { INLINE, pendingAt } from '../../src/domain/search-attributes';
import { countExecutions, countOpenJobs, quoted } from '../../src/engine';
import { type Counts, type Dependencies, PENDING_AGES, type PendingAge, type PendingCount } from '../dependencies';

const MINUTE = 60_000;
const AGE_MS: Readonly<Record<PendingAge, number>> = {
  '0': 0,
  '1m': MINUTE,
  '10m': 10 * MINUTE,
  '1h': 60 * MINUTE,
  '1d': 24 * 60 * MINUTE,
};

/** Counts what operators look at, for gauges: by the index, so that no run is asked. What is zero costs one call. */
export function createTakeCounts({ client, config, providers }: Dependencies): () => Promise<Counts> {
  const { taskQueue } = config.temporal;
  const ofInstallation = `ExecutionStatus = 'Running' AND TaskQueue = ${quoted(taskQueue)}`;
  const jobs = `WorkflowType = ${quoted(WORKFLOW_TYPE)} AND ${ofInstallation}`;

  const pendingTo = async (endpoint: string): Promise<readonly PendingCount[]> => {
    const counted: PendingCount[] = [];
    let before = Infinity;
    for (const age of PENDING_AGES) {
      const endedBefore = new Date(Date.now() - AGE_MS[age]).toISOString();
      const ended = AGE_MS[age] === 0 ? '' : ` AND JobEndedAt <= ${quoted(endedBefore)}`;
      const pending = `${jobs} AND DeliveryState = ${quoted(pendingAt(endpoint))}${ended}`;
      before = before === 0 ? 0 : await countExecutions(client, pending); // none is older than none
      counted.push({ endpoint, age, jobs: before });
    }
    return counted;
  };

  return async () => {
    const openJobs = new Map<string, number>();
    for (const name of providers.keys()) {
      openJobs.set(name, await countOpenJobs(client, { taskQueue, idPrefix: `${name}/` }));
    }
    const endpoints = [...config.endpoints.map(({ name }) => name), INLINE];
    const isAnyPending = (await countExecutions(client, `${jobs} AND DeliveryState = 'pending'`)) > 0;
    const pendingDeliveries: PendingCount[] = [];
    for (const endpoint of endpoints) {
      const none = () => PENDING_AGES.map((age) => ({ endpoint, age, jobs: 0 }));
      pendingDeliveries.push(...(isAnyPending ? await pendingTo(endpoint) : none()));
    }
    const pauses = `WorkflowType = ${quoted(ENDPOINT_PAUSE_WORKFLOW_TYPE)} AND ExecutionStatus = 'Running'`;
    return { openJobs, pendingDeliveries, pausedEndpoints: await countExecutions(client, pauses) };
  };
}
