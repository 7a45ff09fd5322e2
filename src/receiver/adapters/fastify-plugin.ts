import type { BodySource } from '../read-request';
import type { Receiver } from '../receiver';
import type { NodeRequest } from './node-handler';

/** The part of a `FastifyInstance` that is used. */
export interface FastifyApp {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    contentType: string,
    parser: (
      request: unknown,
      payload: AsyncIterable<Uint8Array>,
      done: (error: Error | null, body?: unknown) => void,
    ) => void,
  ): unknown;
  post(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): unknown;
}

export interface FastifyRequest {
  readonly headers: NodeRequest['headers'];
  readonly body: unknown;
}

export interface FastifyReply {
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: string): unknown;
}

/**
 * A plugin with one route, `POST /` under its prefix: `app.register(toFastifyPlugin(receiver), { prefix: '/hooks' })`.
 * Its content-type parser, which keeps the raw bytes, is its own: the app's other routes keep theirs.
 */
export function toFastifyPlugin(receiver: Receiver): (app: FastifyApp) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    app.post('/', async (request, reply) => {
      const body = (request.body ?? '') as BodySource;
      const answer = await receiver.handle({ headers: request.headers, body });
      reply.code(answer.status);
      reply.headers({ ...answer.headers });
      return reply.send(answer.body);
    });
  };
}
