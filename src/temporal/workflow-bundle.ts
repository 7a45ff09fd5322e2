import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

/** Made by `npm run build`, beside the compiled code. */
const BUILT_BUNDLE = resolve(__dirname, '../../workflow-bundle.js');
const WORKFLOWS = resolve(__dirname, '../../workflows');

/** The workflows as a worker loads them: the built bundle, or, in a source tree, one bundled now (seconds). */
export async function workflowBundle(logger?: Logger): Promise<WorkflowBundleOption> {
  return existsSync(BUILT_BUNDLE) ? { codePath: BUILT_BUNDLE } : bundleWorkflows(logger);
}

export function bundleWorkflows(logger?: Logger): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve(WORKFLOWS),
    workflowInterceptorModules: [require.resolve(`${WORKFLOWS}/interceptors`)],
    ...(logger ? { logger } : {}),
  });
}
