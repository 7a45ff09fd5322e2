import type { BodySource } from '../read-body';
import type { Receiver } from '../receiver';
import { answerNodeRequest, type NodeRequest, type NodeResponse } from './node-handler';

/** What is used of a `Request` of Express 4 or 5, or of Google's functions framework. */
export interface ExpressRequest extends NodeRequest {
  /** Whether anybody has read the stream. */
  readonly readableDidRead: boolean;
  readonly body?: unknown;
  readonly rawBody?: Uint8Array;
}

/**
 * A route's handler: `app.post('/hooks', toExpressHandler(receiver))`. It needs the bytes as they came, so either no
 * body parser before it, or `express.raw({ type: '*\/*' })`. Behind `express.json()` it answers 401 `body_reserialized`.
 */
export function toExpressHandler(
  receiver: Receiver,
): (request: ExpressRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNodeRequest(receiver, request, response, bodyOf(request));
}

/** What a body parser made of it goes on as it is: that it is none of ours is for the receiver to say. */
function bodyOf(request: ExpressRequest): BodySource {
  if (request.rawBody !== undefined) return request.rawBody;
  return request.readableDidRead ? (request.body as BodySource) : request;
}
