import type { WorkflowBundleOption } from '@temporalio/worker';
import { bundleWorkflows } from '../../src/temporal/workflow-bundle';

let bundled: Promise<WorkflowBundleOption> | undefined;

/** Bundled once for the whole test run by its global set-up; else, for a single file, here. */
export function workflows(): Promise<WorkflowBundleOption> {
  const codePath = process.env['JOBHERALD_TEST_BUNDLE'];
  bundled ??= codePath ? Promise.resolve({ codePath }) : bundleWorkflows();
  return bundled;
}
