import type { BodySource } from '../read-request';
import type { Receiver } from '../receiver';

/**
 * A handler of Fetch's `Request`, as in Hono, Next.js, Remix, Bun and Deno. Nothing else may have read the body.
 */
export function toWebHandler(receiver: Receiver): (request: Request) => Promise<Response> {
  return async (request) => {
    const { status, headers, body } = await receiver.handle({
      method: request.method,
      headers: request.headers,
      body: bodyOf(request),
    });
    return new Response(body, { status, headers });
  };
}

/** A body that was already read is undefined: the receiver refuses it. */
function bodyOf(request: Request): BodySource {
  if (request.bodyUsed) return undefined as unknown as BodySource;
  return request.body ?? '';
}
