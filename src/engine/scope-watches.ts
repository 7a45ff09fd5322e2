import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { runSummary } from '../domain/markdown';
import {
  CARETAKER_WORKFLOW_TYPE,
  caretakerWorkflowId,
  NEEDED_SIGNAL,
  type Needed,
  SCOPE_WATCH_WORKFLOW_TYPE,
  type Scope,
  type ScopeWatchInput,
  scopeWatchWorkflowId,
} from '../domain/scope-watch';
import type { Provider } from '../providers/provider';
import { watchingOf } from '../providers/watching-of';
import { decodeFirst } from './payloads';
import { isNotFound } from './temporal-errors';

/** How long a process relies on a watch that it has made sure of. */
const REMEMBERED_MS = 30_000;

/** Makes sure that the scope of a job is watched. */
export type EnsureWatch = (provider: Provider, scope: string) => Promise<void>;

/**
 * Starts the watch of a scope, or signals the one there is that it is needed. Of many callers at once one starts it;
 * Temporal decides. Asked again within 30 s it does nothing.
 */
export function createEnsureWatch(client: Client, taskQueue: string): EnsureWatch {
  const ensuredAt = new Map<string, number>();
  return async (provider, scope) => {
    const workflowId = scopeWatchWorkflowId({ provider: provider.name, scope }, taskQueue);
    const now = performance.now();
    const last = ensuredAt.get(workflowId);
    if (last !== undefined && now - last < REMEMBERED_MS) return;
    ensuredAt.set(workflowId, now);
    try {
      const input = await inputFor(client, provider, { provider: provider.name, scope }, workflowId);
      await client.workflow.signalWithStart(SCOPE_WATCH_WORKFLOW_TYPE, {
        taskQueue,
        workflowId,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        args: [input],
        signal: NEEDED_SIGNAL,
        signalArgs: [{ tracked_since: input.tracked_since } satisfies Needed],
        staticSummary: runSummary(`watches the open jobs of ${provider.name} in ${scope || 'its one scope'}`),
      });
    } catch (error) {
      ensuredAt.delete(workflowId);
      throw error;
    }
  };
}

async function inputFor(
  client: Client,
  provider: Provider,
  scope: Scope,
  workflowId: string,
): Promise<ScopeWatchInput> {
  const tracked = watchingOf(provider)?.tracked;
  const isTracked = provider.track.auto && tracked?.scopes.some((each) => isWithin(each, scope.scope));
  if (!isTracked || !tracked) return { ...scope, tracked_since: null };
  return { ...scope, tracked_since: (await lastTrackedSince(client, workflowId)) ?? Date.now() - tracked.sinceMs };
}

/** Whether a configured scope, perhaps with a collection behind it, lies in this one. */
export function isWithin(configured: string, scope: string): boolean {
  return configured === scope || configured.startsWith(`${scope}/`);
}

/** From when on the scope's last watch tracked jobs, so that a watch that was terminated forgets none. */
async function lastTrackedSince(client: Client, workflowId: string): Promise<number | null> {
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId },
      maximumPageSize: 1,
    });
    const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    const input = await decodeFirst(client, started?.input?.payloads);
    return (input as ScopeWatchInput | undefined)?.tracked_since ?? null;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** Starts the caretaker, unless it runs. Every worker does so each minute. */
export async function ensureCaretaker(client: Client, taskQueue: string): Promise<void> {
  await client.workflow.start(CARETAKER_WORKFLOW_TYPE, {
    taskQueue,
    workflowId: caretakerWorkflowId(taskQueue),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [],
    staticSummary: 'keeps the watches of all scopes running',
  });
}
