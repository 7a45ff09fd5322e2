import type { FastifyInstance } from 'fastify';
import { withTimeout } from '../../async/with-timeout';
import { problem } from '../problems/problem';
import { sendProblem } from '../problems/send-problem';

/** Asked every few seconds by machines: not to be turned away, and of interest only when debugging. */
export const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Whether the gateway can serve, and if not why: for an operator, in a sentence. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** `/healthz`: the process answers. `/readyz`: it can also do its work. */
export function healthRoutes(
  app: FastifyInstance,
  ready: () => Promise<Readiness>,
  version: string,
  readyMs: number,
): void {
  app.get('/healthz', async () => ({ healthy: true, version }));

  app.get('/readyz', async (_request, reply) => {
    const readiness = await readinessWithin(ready, readyMs);
    return readiness.ready ? readiness : sendProblem(reply, problem('unavailable', readiness.reason));
  });
}

async function readinessWithin(ready: () => Promise<Readiness>, timeoutMs: number): Promise<Readiness> {
  try {
    return await withTimeout(ready(), timeoutMs, () => new Error('it does not answer.'));
  } catch (cause) {
    return { ready: false, reason: `Temporal cannot be reached: ${cause instanceof Error ? cause.message : cause}` };
  }
}
