import { condition, defineSignal, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { type EndpointPauseInput, RESUME_SIGNAL } from '../src/domain/endpoint-pause';
import { alwaysUpgraded } from './always-upgraded';

/**
 * As long as this run is open its endpoint is paused: deliveries to it wait, and their windows stand still. The signal `resume`
 * ends that, from the API, which has taken care that it counts before a worker hears of it, or from the Web UI.
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

alwaysUpgraded(endpointPause);
