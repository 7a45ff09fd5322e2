import type { Connection } from '@temporalio/client';
import { isReachable } from '../../src/processes/reach-temporal';
import { testConfig } from '../support/test-config';

afterEach(() => void jest.useRealTimers());

it('Temporal is asked once in two seconds, however many probes there are', async () => {
  jest.useFakeTimers();
  const { temporal } = testConfig({});
  const describeNamespace = jest.fn(async () => ({}));
  const connection = {
    withDeadline: (_: number, call: () => unknown) => call(),
    workflowService: { describeNamespace },
  } as unknown as Connection;
  const probe = () => isReachable(connection, temporal);

  expect(await Promise.all([probe(), probe(), probe()])).toEqual(Array(3).fill({ ready: true }));
  jest.advanceTimersByTime(1_900);
  await probe();
  expect(describeNamespace).toHaveBeenCalledTimes(1);

  describeNamespace.mockRejectedValue(new Error('it is away'));
  jest.advanceTimersByTime(200);
  expect(await probe()).toEqual({ ready: false, reason: expect.stringContaining('it is away') });
  expect(describeNamespace).toHaveBeenCalledTimes(2);
});
