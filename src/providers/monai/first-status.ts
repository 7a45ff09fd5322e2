import type { JobStatus } from '../../domain/job-status';

/** The plug-ins, by the `type` of a dispatch. */
export const PLUGIN_TYPES = ['argo'] as const;
export type PluginType = (typeof PLUGIN_TYPES)[number];

export function isPluginType(type: string): type is PluginType {
  return (PLUGIN_TYPES as readonly string[]).includes(type);
}

const NOTHING_YET = { error: null, artifacts: [], progress: null, started_at: null, ended_at: null } as const;

/** The status of a task when it is dispatched. */
export function acceptedStatus(): JobStatus {
  return { ...NOTHING_YET, state: 'RUNNING', provider_state: 'Accepted', reason: null, message: null };
}

/** The terminal status of a task without a plug-in. */
export function runnerNotSupportedStatus(type: string): JobStatus {
  return {
    ...NOTHING_YET,
    state: 'FAILED',
    provider_state: 'Failed',
    reason: 'RUNNER_NOT_SUPPORTED',
    message: `There is no plug-in for tasks of type ${type.slice(0, 64)}. The plug-ins are: ${PLUGIN_TYPES.join(', ')}.`,
  };
}
