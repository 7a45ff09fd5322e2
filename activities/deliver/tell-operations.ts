import { log } from '@temporalio/activity';
import { startNotice } from '../../src/client/notices';
import type { Notice } from '../../src/domain/notice';
import type { Dependencies } from '../dependencies';

export type TellOperations = (notice: Notice) => Promise<void>;

/**
 * Tells operators, durably: a run of its own delivers the notice. Starting it twice is starting it once.
 * Nothing is told where no operations endpoint is configured, nor about the operations endpoint to itself.
 */
export function createTellOperations({ client, config }: Pick<Dependencies, 'client' | 'config'>): TellOperations {
  const { endpoint } = config.operations;
  return async (notice) => {
    if (endpoint === '' || notice.data['endpoint'] === endpoint) return;
    try {
      await startNotice(client, config.temporal.taskQueue, endpoint, notice);
    } catch (error) {
      log.error('operators could not be told', { notice: notice.type, ...notice.data, error });
      throw error; // the attempt is made again, and so is this
    }
  };
}
