import { setWorkflowOptions, type Workflow, workflowInfo } from '@temporalio/workflow';

/**
 * For workflows that run for ever, or nobody knows how long: they cannot wait for the version of the worker that began them.
 * A worker without a version may not name a behavior: Temporal would refuse every one of its workflow tasks.
 */
export function alwaysUpgraded(workflow: Workflow): void {
  const isVersioned = () => Boolean(workflowInfo().currentDeploymentVersion?.deploymentName);
  setWorkflowOptions(() => (isVersioned() ? { versioningBehavior: 'AUTO_UPGRADE' } : {}), workflow);
}
