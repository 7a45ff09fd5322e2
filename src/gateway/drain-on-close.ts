import type { FastifyInstance } from 'fastify';

/**
 * Closing lets requests in flight finish, asks their connections to close with the answer (an idle keep-alive
 * connection would otherwise hold the server open), and cuts what is left after `closeMs`.
 */
export function drainOnClose(app: FastifyInstance, closeMs: number): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    const cut = setTimeout(() => app.server.closeAllConnections(), closeMs).unref();
    app.server.once('close', () => clearTimeout(cut));
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
