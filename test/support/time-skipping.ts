import { setTimeout as sleep } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { REQUIRED_SEARCH_ATTRIBUTES } from '../../src/temporal/search-attributes';
import { stderrLog } from './logs';
import { quietRuntime } from './quiet-runtime';
import { findTestServer } from './test-server/find-test-server';

/**
 * Starts a Temporal whose clock jumps to the next timer while a workflow's result is awaited. One per test file:
 * its clock is shared by all its workflows, and stands still while any of them waits for a worker. `teardown()` ends it.
 *
 * It has our search attributes, but no visibility (no list, no count), no pause of activities, no deduplication of
 * signals by request ID, and it tells no time of a pending activity's next attempt: test those on the real server.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const path = await findTestServer({ env: process.env, log: stderrLog });
  const server = { executable: { type: 'existing-path', path } } as const;
  const environment = await retryWhileSlow(() => TestWorkflowEnvironment.createTimeSkipping({ server }));
  const searchAttributes = Object.fromEntries(
    REQUIRED_SEARCH_ATTRIBUTES.map(({ name, indexedValueType }) => [name, indexedValueType]),
  );
  await environment.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
  return environment;
}

const START_WITHIN_MS = 240_000;

/** The SDK waits five seconds for the server, which is not enough for Java where other tests take all there is. */
async function retryWhileSlow<T>(start: () => Promise<T>): Promise<T> {
  for (const beganAt = performance.now(); ; await sleep(1_000)) {
    try {
      return await start();
    } catch (error) {
      if (performance.now() - beganAt > START_WITHIN_MS) throw error;
    }
  }
}
