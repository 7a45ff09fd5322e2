import { heartbeat } from '@temporalio/activity';

const EVERY_MS = 2_500;

/**
 * Tells the engine that this worker lives while an attempt is under way; `details` stay what they were. The first time is
 * after a moment, as most attempts are over by then: a heartbeat is a request, and a write at the server.
 * @returns ends it, and says whether anything was told
 */
export function startHeartbeat(details: unknown): () => { readonly wasHeard: boolean } {
  let wasHeard = false;
  const timer = setInterval(() => {
    wasHeard = true;
    heartbeat(details);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    return { wasHeard };
  };
}
