import type { BodySource } from '../read-body';
import type { Receiver } from '../receiver';

/**
 * A handler of Fetch's `Request`, as Hono, Next.js, Remix, Bun and Deno have it. Nobody else may have read the body.
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

/** One that was read already is none: that is for the receiver to say. */
function bodyOf(request: Request): BodySource {
  if (request.bodyUsed) return undefined as unknown as BodySource;
  return request.body ?? '';
}
