import type { MonaiConfig } from '../../../config/config';
import { ProviderError } from '../../provider';
import type { Plugin, PluginOptions } from '../plugin';
import { createArgoCalls } from './call';
import { toJobStatus } from './job-status';
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
      if (!isOverAlready(error)) throw error;
    }
  };

  return {
    async getStatus(identity, signal) {
      const workflow = readWorkflow(await call({ method: 'GET', identity }, signal));
      if (!workflow) throw new ProviderError('unreadable', `what Argo answers about ${identity} is no workflow`);
      const { status, warning } = toJobStatus(workflow);
      if (warning) warn(warning, { provider: 'monai', identity, provider_state: status.provider_state });
      return status;
    },

    cancel: terminate,

    async release(identity, signal) {
      if (release === 'terminate') await terminate(identity, signal);
      if (release === 'delete') await call({ method: 'DELETE', identity }, signal);
    },

    async check(signal) {
      const { url } = config;
      if (url === '') return 'Argo: no url is configured, so tasks cannot be asked about';
      try {
        // Nothing is called so: whoever may ask is told that it is not there.
        await call({ method: 'GET', identity: 'jobherald-check' }, signal);
      } catch (error) {
        if (!(error instanceof ProviderError && error.code === 'not_found')) throw error;
      }
      return `Argo: reached ${url} and may read workflows of namespace ${namespace}`;
    },

    close,
  };
}

/** A workflow that has ended cannot be terminated, and need not be; Argo has no code of its own for that. */
function isOverAlready(error: unknown): boolean {
  return (
    error instanceof ProviderError && /complet|finished|already/i.test(error.message) && error.code === 'unreadable'
  );
}
