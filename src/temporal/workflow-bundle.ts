import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BundleOptions, WorkflowBundleOption } from '@temporalio/worker';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

/** Made by `npm run build`, beside the compiled code. */
const BUILT_BUNDLE = resolve(__dirname, '../../workflow-bundle.js');
const WORKFLOWS = resolve(__dirname, '../../workflows');

/** The workflows as a worker loads them: the built bundle, or, in a source tree, one bundled now (seconds). */
export async function workflowBundle(logger?: Logger): Promise<WorkflowBundleOption> {
  return existsSync(BUILT_BUNDLE) ? { codePath: BUILT_BUNDLE } : bundleWorkflows(logger);
}

/**
 * Bundles the workflows. Their modules are loaded once per worker and shared by all runs, because each run
 * would otherwise load some fifty of them again; so none may hold state of a run (test/temporal/workflow-bundle.test.ts).
 */
export function bundleWorkflows(logger?: Logger): Promise<{ code: string }> {
  const workflowsPath = require.resolve(WORKFLOWS);
  const interceptors = require.resolve(`${WORKFLOWS}/interceptors`);
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    preloadModules: [workflowsPath, interceptors],
    webpackConfigHook: compileAsBuilt,
    ...(logger ? { logger } : {}),
  });
}

/**
 * In a source tree TypeScript is compiled for the language that tsconfig.json names, as `npm run build` compiles it: so what is
 * tested and measured is what is shipped. The SDK's own choice, es2017, calls a helper function for each `{ ...spread }`.
 */
const compileAsBuilt: NonNullable<BundleOptions['webpackConfigHook']> = (config) => {
  for (const rule of config.module?.rules ?? []) {
    const { jsc } = (rule as SwcRule).use?.options ?? {};
    if (jsc) jsc.target = 'es2024';
  }
  return config;
};

interface SwcRule {
  readonly use?: { readonly options?: { readonly jsc?: { target: string } } };
}
