import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { BulkRedelivery, BulkRedeliveryRequest } from '../../schemas/types';
import type { Config } from '../config/config';
import { NAMESPACE } from '../domain/identity';
import { JobHeraldError } from '../domain/jobherald-error';
import { runSummary } from '../domain/markdown';
import {
  BULK_REDELIVERY_WORKFLOW_TYPE,
  type BulkMemo,
  type BulkOrder,
  type BulkRedeliveryInput,
  bulkRedeliveryWorkflowId,
} from '../domain/redelivery';
import { uuidV5 } from '../domain/uuid';
import type { Redeliveries } from './api';
import { bulkOrder, viewBulkRedelivery } from './bulk-redelivery';
import { isNotFound } from './temporal-errors';

/** How much is done before the history begins anew: with the defaults a few hundred events. */
export interface BulkPaging {
  /** Jobs on a page of the visibility index. */
  readonly pageSize: number;
  readonly pagesPerRun: number;
}

/** The largest page there is: visibility bears few questions. */
const PAGING: BulkPaging = { pageSize: 1_000, pagesPerRun: 1 };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** {@link Redeliveries} straight to Temporal, whose own errors come as they are. */
export function createRedeliveries(client: Client, config: Config, paging = PAGING): Redeliveries {
  const { taskQueue, ui } = config.temporal;

  const describe = async (id: string): Promise<WorkflowExecutionDescription> => {
    try {
      if (UUID.test(id)) return await client.workflow.getHandle(bulkRedeliveryWorkflowId(id)).describe();
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    throw new JobHeraldError('not_found', `no bulk redelivery ${id}, open or retained by Temporal`);
  };
  const view = (id: string, description: WorkflowExecutionDescription): BulkRedelivery =>
    viewBulkRedelivery(id, description, client.options.namespace, ui);

  const begin = async (id: string, order: BulkOrder): Promise<void> => {
    const input: BulkRedeliveryInput = {
      ...order,
      id,
      page_size: paging.pageSize,
      pages_per_run: paging.pagesPerRun,
    };
    const memo: BulkMemo = { order, started_at: new Date().toISOString() };
    await client.workflow.start(BULK_REDELIVERY_WORKFLOW_TYPE, {
      taskQueue,
      workflowId: bulkRedeliveryWorkflowId(id),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      memo: { ...memo },
      staticSummary: summaryOf(order),
    });
  };

  return {
    async start(request) {
      const order = bulkOrder(request, config);
      const id = idOf(request);
      try {
        await begin(id, order);
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const description = await describe(id);
      const { order: first } = description.memo as unknown as BulkMemo;
      if (JSON.stringify(first) !== JSON.stringify(order)) {
        const what = `bulk redelivery ${id} was already started with this idempotency_key and a different body`;
        throw new JobHeraldError('conflict', `${what}; it is unchanged. Use another idempotency_key.`);
      }
      return view(id, description);
    },

    get: async (id) => view(id, await describe(id)),
  };
}

function idOf({ idempotency_key: key }: BulkRedeliveryRequest): string {
  return key === undefined ? randomUUID() : uuidV5(NAMESPACE, JSON.stringify(['bulk-redelivery', key]));
}

function summaryOf({ endpoint, since, until, status, dry_run }: BulkOrder): string {
  const what = `${status ?? 'all'} deliveries to ${endpoint ?? 'every endpoint'}`;
  return runSummary(`${dry_run ? 'counts' : 'redelivers'} ${what} of jobs ended from ${since} to ${until}`);
}
