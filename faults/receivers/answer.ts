import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from '../plan/behaviour';

/** Fast enough to give status and headers within the endpoints' time-out. */
const BYTE_EVERY_MS = 15;
const BODY_BYTE_EVERY_MS = 400;
const BODY = 'taken, slowly';
/** Longer than the endpoints' time-out. */
const SILENCE_MS = 30_000;
/** More than HTTP clients take by default. */
const LONG_HEADERS_BYTES = 20_000;

/**
 * Answers as the receiver behaves.
 * @param status what a taken webhook is answered with
 * @returns the status that was answered, or undefined without an answer
 */
export async function answer(
  response: ServerResponse,
  behaviour: Behaviour,
  status: number,
): Promise<number | undefined> {
  switch (behaviour) {
    case 'error':
      return end(response, 500);
    case 'busy':
      return end(response, 503, { 'retry-after': '1' });
    case 'not_found':
      return end(response, 404);
    case 'redirect':
      return end(response, 307, { location: '/elsewhere' });
    case 'drip':
      return drip(response, status);
    case 'drip_body':
      return dripBody(response, status);
    case 'interim':
      response.writeContinue();
      response.writeEarlyHints({ link: '</elsewhere>; rel=preload' });
      return end(response, status);
    case 'long_headers':
      return end(response, status, { 'x-padding': 'x'.repeat(LONG_HEADERS_BYTES) });
    case 'hang_up':
    case 'reset':
      response.socket?.resetAndDestroy();
      return undefined;
    case 'silence':
      await sleep(SILENCE_MS, undefined, { ref: false });
      response.socket?.destroy();
      return undefined;
    case 'stuck':
    case 'ok':
      return end(response, status);
  }
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): number {
  response.writeHead(status, headers).end();
  return status;
}

/** The whole answer by hand, for node:http would send its head at once. */
async function drip(response: ServerResponse, status: number): Promise<number | undefined> {
  const head = `HTTP/1.1 ${status} Slowly\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
  for (const byte of head) {
    if (response.socket?.destroyed ?? true) return undefined;
    response.socket?.write(byte);
    await sleep(BYTE_EVERY_MS);
  }
  response.socket?.end();
  return status;
}

async function dripBody(response: ServerResponse, status: number): Promise<number> {
  response.writeHead(status === 204 ? 200 : status, { 'content-length': BODY.length }).flushHeaders();
  for (const byte of BODY) {
    if (response.destroyed) break;
    response.write(byte);
    await sleep(BODY_BYTE_EVERY_MS);
  }
  response.end();
  return status;
}
