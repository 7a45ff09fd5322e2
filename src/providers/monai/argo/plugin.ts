import { withWarnings } from '../../../domain/job-status';
import { ProviderError } from '../../provider';
import type { MonaiConfig } from '../config';
import type { Plugin, PluginOptions } from '../plugin';
import { createArgoCalls } from './call-api';
import { toJobStatus } from './job-status';
import { listPage, listWorkflows } from './list-workflows';
import { readWorkflow } from './workflow';

/** Tasks that run as Argo Workflows; the task's identity is the workflow's name. */
export function createArgoPlugin(config: MonaiConfig['argo'], { warn, deadlineMs }: PluginOptions): Plugin {
  const { call, close } = createArgoCalls(config, deadlineMs);
  const { namespace, release } = config;

  const terminate = async (identity: string, signal: AbortSignal): Promise<void> => {
    try {
      const body = { name: identity, namespace };
      await call({ method: 'PUT', identity, action: '/terminate', body }, signal);
    } catch (error) {
      if (!hasEnded(error)) throw error;
    }
  };

  return {
    async getStatus(identity, signal) {
      const workflow = readWorkflow(await call({ method: 'GET', identity }, signal));
      if (!workflow) throw new ProviderError('unreadable', `Argo's response for ${identity} is not a workflow`);
      const { status, warning } = toJobStatus(workflow);
      if (warning) warn(warning, { provider: 'monai', identity, provider_state: status.provider_state });
      return withWarnings(status, warning ? [warning] : []);
    },

    ...(config.url !== '' && { list: (signal: AbortSignal) => listWorkflows(call, signal) }),

    cancel: terminate,

    async release(identity, signal) {
      if (release === 'terminate') await terminate(identity, signal);
      if (release === 'delete') await call({ method: 'DELETE', identity }, signal);
    },

    async check(signal) {
      const { url } = config;
      if (url === '') return 'Argo: no url is configured, so the status of tasks cannot be read';
      try {
        // There is no such workflow, so 404 proves that the token may read workflows.
        await call({ method: 'GET', identity: 'jobherald-check' }, signal);
      } catch (error) {
        if (!(error instanceof ProviderError && error.code === 'not_found')) throw error;
      }
      const found = `Argo: reached ${url} and may read workflows of namespace ${namespace}`;
      try {
        await listPage(call, { next: '', limit: 1 }, signal);
        return `${found}, one and many`;
      } catch (error) {
        if (!(error instanceof ProviderError) || error.code === 'unavailable') throw error;
        return `${found}, but asks about them one by one: ${error.message}`;
      }
    },

    close,
  };
}

/** Argo refuses to terminate a workflow that has ended, without a code of its own. That is no failure. */
function hasEnded(error: unknown): boolean {
  return (
    error instanceof ProviderError && /complet|finished|already/i.test(error.message) && error.code === 'unreadable'
  );
}
