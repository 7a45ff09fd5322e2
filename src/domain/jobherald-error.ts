/** Codes and the HTTP status each has at the gateway. Documented in docs/errors.md. */
export const ERROR_STATUS = {
  /** Not JSON, or a member of the wrong type. */
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  /** No run of that job, open or retained. */
  job_not_found: 404,
  not_found: 404,
  /** The job is there already, submitted with another body. */
  conflict: 409,
  too_large: 413,
  /** Well-formed, but names something that is not there or not allowed. */
  unprocessable: 422,
  /** The token or the address has sent too many requests. */
  rate_limited: 429,
  /** Temporal cannot be reached. */
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** One fault in a request body: where (JSON pointer) and what. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** Every error that the client, the CLI and the gateway report. `message` says what to do. */
export class JobHeraldError extends Error {
  override readonly name = 'JobHeraldError';
  readonly faults: readonly Fault[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly faults?: readonly Fault[] } = {},
  ) {
    super(message, options);
    this.faults = options.faults ?? [];
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}
