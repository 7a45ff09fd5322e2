/**
 * setup_missing: `jobherald setup` has not been run here · wrong_type: a search attribute of that name exists with
 * another type · not_allowed: this server leaves the change to other tools (Temporal Cloud) or to other people ·
 * refused: the server refused it. `message` says what to do.
 */
export type SetupErrorCode = 'setup_missing' | 'wrong_type' | 'not_allowed' | 'refused';

export class SetupError extends Error {
  override readonly name = 'SetupError';
  constructor(
    readonly code: SetupErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The gRPC status codes that set-up decides by (google.rpc.Code). */
export const GRPC = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  UNIMPLEMENTED: 12,
  UNAUTHENTICATED: 16,
} as const;

/** Whether an error is a gRPC error with one of these codes. */
export function hasStatus(error: unknown, ...statuses: readonly (keyof typeof GRPC)[]): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return statuses.some((status) => code === GRPC[status]);
}

/** What the server said, without the code that gRPC puts before it. */
export function statusMessage(error: unknown): string {
  const { details, message } = error as { readonly details?: string; readonly message?: string };
  return details || message || String(error);
}
