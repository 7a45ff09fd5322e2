const SECOND = 1_000;

/** How long the gateway waits for whom, in milliseconds. */
export interface Timeouts {
  /** For the head of a request, from its first byte: ends clients that send a byte now and then to hold a socket. */
  readonly headersMs: number;
  /** For a whole request to connect. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  /** For a handler to answer; then 503. Above what any call to Temporal may take. */
  readonly handlerMs: number;
  /** For `/readyz` to know; below what probes commonly wait. */
  readonly readyMs: number;
  /** For the next request on a connection. Above the 60 s after which common load balancers give one up. */
  readonly keepAliveMs: number;
  /** For anything at all to move on a connection, e.g. a client that does not read its answer. */
  readonly idleMs: number;
  /** When closing, for requests in flight; then their connections are cut. The process has 10 s in all. */
  readonly closeMs: number;
}

export const TIMEOUTS: Timeouts = {
  headersMs: 10 * SECOND,
  requestMs: 30 * SECOND,
  checkMs: 5 * SECOND,
  handlerMs: 30 * SECOND,
  readyMs: 3 * SECOND,
  keepAliveMs: 72 * SECOND,
  idleMs: 120 * SECOND,
  closeMs: 7 * SECOND,
};
