import { heartbeat } from '@temporalio/activity';

const EVERY_MS = 2_500;

/** Tells the engine that this worker lives while an attempt is under way; `details` stay what they were. */
export function startHeartbeat(details: unknown): () => void {
  heartbeat(details);
  const timer = setInterval(() => heartbeat(details), EVERY_MS);
  return () => clearInterval(timer);
}
