import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { Counter, Gauge } from 'prom-client';
import type { ErrorCode } from '../domain/jobherald-error';
import type { Notice } from '../domain/notice';
import type { Jobs, ProviderInbox } from '../engine';

/** One path that a system pushes to: `POST {path}`. */
export interface IngressRoute<C> {
  /** With parameters as `/ingress/http/:service`. */
  readonly path: string;
  /** Whether the route is there. Default: always. */
  isOffered?(config: C): boolean;
  /** Whether it takes one of gateway.tokens, as /v1 does. Default: it does not. */
  readonly needsToken?: boolean;
  /**
   * Verifies the sender before the body is read. Default: not then; `take` verifies what it gets.
   * @param development the gateway is on loopback, without tokens
   */
  authenticate?(config: C, development: boolean): Authenticate;
  /** Whether the sender is known only by the signature of the body. Such bodies share less memory. Default: no. */
  readonly verifiesBody?: boolean;
  /** Longer bodies are refused with 413. Default: 1 MiB, as on /v1. */
  readonly maxBytes?: number;
  /**
   * Takes one request. Resolves when the sender may forget it: what it says is safe in Temporal, or can never be used.
   * @throws {JobHeraldError} whose status says to the sender whether to send it again
   */
  take(request: IngressRequest, config: C, context: IngressContext): Promise<void>;
  /** What a request is answered with that was taken: 202 says that it was accepted, 204 nothing. */
  readonly answer: 202 | 204;
  readonly description: RouteDescription;
}

export interface IngressRequest {
  /** Of the request, for the log. */
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The same, each value of a repeated header by itself. */
  readonly headersDistinct: NodeJS.Dict<string[]>;
  /** Undefined where there is none. */
  readonly body: Buffer | undefined;
}

/**
 * @param challenge sets `WWW-Authenticate` of a refusal
 * @throws {JobHeraldError} `unauthorized`, `forbidden`, or `not_found` for a path that nobody should learn of
 */
export type Authenticate = (request: Omit<IngressRequest, 'body'>, challenge: (value: string) => void) => Promise<void>;

/** The route's operation in the OpenAPI document. */
export interface RouteDescription {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Of the document's security schemes. Default: a token. */
  readonly security?: readonly object[];
  /** Schemes that no other route has, by their names. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  readonly parameters?: readonly object[];
  readonly requestBody: object;
  /** What an answer of 204 means. */
  readonly taken?: string;
  /** The codes of the errors that it may answer with, besides `internal`. */
  readonly refusals: readonly ErrorCode[];
}

/** What routes and consumers work with. */
export interface IngressContext {
  readonly jobs: Jobs;
  readonly inbox: ProviderInbox;
  readonly logger: Logger;
  readonly metrics: IngressMetrics;
  /** Notifies operators. Default: nobody is notified. */
  readonly notifyOperations?: ((notice: Notice) => Promise<void>) | undefined;
}

export interface IngressMetrics {
  readonly hints: Counter<'provider' | 'transport' | 'result'>;
  /** 1 or 0; absent where nothing is pulled. */
  readonly pullConnected: Gauge<'provider'>;
}

export type HintResult =
  /** Safe in Temporal. */
  | 'accepted'
  | 'ignored'
  /** Taken before. */
  | 'duplicate'
  /** Of a job that nobody submitted. */
  | 'unknown_job'
  | 'dead_letter'
  /** Refused for now, so that the sender sends it again. */
  | 'unavailable';

/** Something that brings hints without being called. */
export interface Consumer {
  /** Whether it is connected. Not part of `/readyz`: a gateway without it still serves. */
  ready(): boolean;
  /** Stops taking, finishes what is in flight, within 8 s. What is not finished comes again. */
  close(): Promise<void>;
}
