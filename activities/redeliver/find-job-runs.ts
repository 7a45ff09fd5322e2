import { ApplicationFailure } from '@temporalio/common';
import { WORKFLOW_TYPE } from '../../src/domain/job-messages';
import { bulkQuery } from '../../src/domain/redelivery';
import { isPassing } from '../../src/engine';
import type { Dependencies } from '../dependencies';
import { leftAtStop } from '../left-at-stop';
import type { Activities } from '../types';

/** A page of the visibility index. Reads only, so running it twice is harmless. */
export function createFindJobRuns({ client }: Dependencies): Activities['findJobRuns'] {
  const find: Activities['findJobRuns'] = async ({ selection, page_token, page_size }) => {
    try {
      const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query: bulkQuery(selection, WORKFLOW_TYPE),
        pageSize: page_size,
        ...(page_token === null ? {} : { nextPageToken: Buffer.from(page_token, 'base64') }),
      });
      return {
        runs: (executions ?? []).map(({ execution }) => ({
          workflow_id: execution?.workflowId ?? '',
          run_id: execution?.runId ?? '',
        })),
        next_page_token: nextPageToken?.length ? Buffer.from(nextPageToken).toString('base64') : null,
      };
    } catch (error) {
      if (isPassing(error)) throw error;
      // It would be refused for ever: somebody has to see that the redelivery cannot go on.
      const message = `Temporal does not list the runs: ${error instanceof Error ? error.message : String(error)}`;
      throw ApplicationFailure.create({ type: 'ListRefused', message, nonRetryable: true });
    }
  };
  return (page) => leftAtStop(() => find(page));
}
