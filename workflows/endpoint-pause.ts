import { condition, defineSignal, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { type EndpointPauseInput, RESUME_SIGNAL } from '../src/domain/endpoint-pause';

/**
 * As long as this run is open its endpoint is paused: deliveries to it wait, and their windows stand still.
 * The API resumes by terminating it, which needs no worker; from the Web UI the signal `resume` does the same.
 */
export async function endpointPause({ endpoint }: EndpointPauseInput): Promise<string> {
  let isResumed = false;
  setHandler(defineSignal<[unknown]>(RESUME_SIGNAL), () => {
    isResumed = true;
  });
  setDefaultSignalHandler(() => undefined);
  await condition(() => isResumed);
  return `${endpoint} was resumed`;
}
