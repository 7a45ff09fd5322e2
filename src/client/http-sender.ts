import { MAX_TIMER_MS } from '../domain/duration';
import { JobHeraldError } from '../domain/jobherald-error';
import { readJson } from '../domain/json';
import { openConnections } from '../http/connections';
import { fetchAnswer } from '../http/read-answer';
import { errorOf, type HttpAnswer } from './http-error';

export interface HttpOptions {
  /** Where the gateway is: `https://jobherald.example.com`, with a path where a proxy puts one in front. */
  readonly url: string;
  /** One of `gateway.tokens`. Default: none, as a gateway on loopback needs none. */
  readonly token?: string | undefined;
  /** What to send requests with, through a proxy for example. Default: Node's own HTTP client, which uses none. */
  readonly fetch?: typeof fetch;
  /** For one call, its answer read to the end, in milliseconds. Default: 35000, a little more than the gateway's own 30 s. */
  readonly timeoutMs?: number;
}

export interface HttpSender {
  /** Sends a request to the gateway, and resolves with status and body of a 2xx answer. */
  send(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: object,
  ): Promise<{ readonly status: number; readonly value: unknown }>;
  /** Closes its connections. */
  close(): void;
}

/** Sends one request and reads the answer, whatever its status. Follows no redirect: it would take the token with it. */
type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const DEFAULT_TIMEOUT_MS = 35_000;

/** @throws {JobHeraldError} `bad_request` for an invalid url or token */
export function createHttpSender({
  url,
  token,
  fetch: given,
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: HttpOptions): HttpSender {
  const base = baseUrl(url);
  const headers = { accept: 'application/json, application/problem+json', ...authorization(token) };
  const { send, close } = given ? { send: byFetch(given), close: () => undefined } : byConnections(base);

  return {
    close,
    async send(method, path, body, more) {
      const content = body === undefined ? undefined : json(body);
      const request = {
        method,
        url: base + path,
        headers: { ...headers, ...(content !== undefined && { 'content-type': 'application/json' }), ...more },
        ...(content !== undefined && { body: content }),
      };
      const answer = await reach(base, timeoutMs, (signal) => send(request, signal));
      if (answer.status < 200 || answer.status > 299) throw errorOf(answer, base);
      return { status: answer.status, value: parse(answer, base) };
    },
  };
}

/** Our own client: Node's `fetch` hangs up at a `100 Continue` that it has not asked for, and some proxies send one. */
function byConnections(base: string): { readonly send: Send; close(): void } {
  const connections = openConnections({ origin: new URL(base).origin });
  return {
    close: () => connections.destroy(),
    async send({ url, ...request }, signal) {
      const { pathname, search } = new URL(url);
      const answer = await fetchAnswer(connections, { ...request, path: pathname + search }, signal);
      return { status: answer.status, location: answer.headers['location'] ?? null, text: answer.body };
    },
  };
}

function byFetch(send: typeof fetch): Send {
  return async ({ url, ...request }, signal) => {
    const response = await send(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, location: response.headers.get('location'), text: await response.text() };
  };
}

/** The url without trailing slashes. Never repeated in an error: it may hold a password. */
function baseUrl(text: string): string {
  const refuse = (why: string) =>
    new JobHeraldError('bad_request', `the url of the gateway ${why}; give one such as http://127.0.0.1:8080`);
  if (!URL.canParse(text)) throw refuse('is not a valid URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('must begin with https:// or http://');
  if (url.username || url.password) throw refuse('must not hold a user name or password; pass the token as `token`');
  if (url.search || url.hash) throw refuse('must not hold ? or #');
  return url.href.replace(/\/+$/, '');
}

/** A token as RFC 6750 section 2.1 and the gateway take it: printable ASCII without spaces. */
const TOKEN = /^[\x21-\x7e]+$/;

function authorization(token: string | undefined): Readonly<Record<string, string>> {
  if (!token) return {};
  if (!TOKEN.test(token)) {
    throw new JobHeraldError('bad_request', 'the token holds a space, a line break or a non-ASCII character; check it');
  }
  return { authorization: `Bearer ${token}` };
}

function json(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new JobHeraldError('bad_request', `the body cannot be written as JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function reach(base: string, timeoutMs: number, call: (signal: AbortSignal) => Promise<HttpAnswer>) {
  const signal = AbortSignal.timeout(Math.min(timeoutMs, MAX_TIMER_MS));
  try {
    return await call(signal);
  } catch (cause) {
    if (cause instanceof JobHeraldError) throw cause;
    const what = signal.aborted
      ? `the gateway at ${base} did not answer within ${timeoutMs / 1000} s; the request may still have taken effect`
      : `cannot reach the gateway at ${base}: ${networkFault(cause)}`;
    throw new JobHeraldError('unavailable', what, { cause });
  }
}

/** What failed stands in the cause of an error of `fetch`, or in one error for each address that was tried. */
function networkFault(error: unknown): string {
  const { cause, errors, message } = error as Partial<AggregateError>;
  const inner = cause ?? errors?.[0];
  return inner === undefined ? message || String(error) : networkFault(inner);
}

function parse({ status, text }: HttpAnswer, base: string): unknown {
  try {
    return readJson(text);
  } catch (cause) {
    const what = `${base} answered HTTP ${status} without JSON; check that the url is that of a jobherald gateway`;
    throw new JobHeraldError('not_found', what, { cause });
  }
}
