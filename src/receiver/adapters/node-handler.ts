import type { BodySource, WebhookHeaders } from '../read-request';
import type { Receiver, ReceiverAnswer } from '../receiver';

/** The part of an `IncomingMessage` that is used: of `node:http`, `node:https` or `node:http2`. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly headers: Extract<WebhookHeaders, Readonly<Record<string, unknown>>>;
}

/** The part of a `ServerResponse` that is used. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** A request listener: `createServer(toNodeHandler(receiver))`. Nothing else may have read the request. */
export function toNodeHandler(receiver: Receiver): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNodeRequest(receiver, request, response, request);
}

async function answerNodeRequest(
  receiver: Receiver,
  { method, headers }: Pick<NodeRequest, 'method' | 'headers'>,
  response: NodeResponse,
  body: BodySource,
): Promise<void> {
  write(response, await receiver.handle({ method, headers, body }));
}

function write(response: NodeResponse, { status, headers, body }: ReceiverAnswer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/** The part of a `Request` of Express 4 or 5, or of Google's functions framework, that is used. */
export interface ExpressRequest extends NodeRequest {
  /** Whether the stream has been read. */
  readonly readableDidRead: boolean;
  readonly body?: unknown;
  readonly rawBody?: Uint8Array;
}

/**
 * A route's handler: `app.post('/hooks', toExpressHandler(receiver))`. It needs the raw bytes, so either no
 * body parser before it, or `express.raw({ type: '*\/*' })`. Behind `express.json()` it answers 401 `body_reserialized`.
 */
export function toExpressHandler(
  receiver: Receiver,
): (request: ExpressRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNodeRequest(receiver, request, response, bodyOf(request));
}

/** A parsed body is passed on as it is: the receiver refuses it. */
function bodyOf(request: ExpressRequest): BodySource {
  if (request.rawBody !== undefined) return request.rawBody;
  return request.readableDidRead ? (request.body as BodySource) : request;
}
