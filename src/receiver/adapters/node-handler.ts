import type { BodySource } from '../read-body';
import type { WebhookHeaders } from '../read-webhook-headers';
import type { Receiver, ReceiverAnswer } from '../receiver';

/** What is used of an `IncomingMessage` of `node:http`, `node:https` or `node:http2`. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly headers: Extract<WebhookHeaders, Readonly<Record<string, unknown>>>;
}

/** What is used of a `ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** A request listener: `createServer(toNodeHandler(receiver))`. Nobody else may have read the request. */
export function toNodeHandler(receiver: Receiver): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNodeRequest(receiver, request, response, request);
}

/** @param body of the request, from wherever it is to be had */
export async function answerNodeRequest(
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
