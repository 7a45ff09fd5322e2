import type { FastifyInstance } from 'fastify';
import { problem } from '../problems/problem';
import { sendProblem } from '../problems/send-problem';

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
    const readiness = await inTime(ready, readyMs);
    return readiness.ready ? readiness : sendProblem(reply, problem('unavailable', readiness.reason));
  });
}

async function inTime(ready: () => Promise<Readiness>, readyMs: number): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ ready: false, reason: 'Temporal does not answer.' }), readyMs);
  });
  try {
    return await Promise.race([ready(), late]);
  } catch (cause) {
    return { ready: false, reason: `Temporal cannot be reached: ${cause instanceof Error ? cause.message : cause}` };
  } finally {
    clearTimeout(timer);
  }
}
