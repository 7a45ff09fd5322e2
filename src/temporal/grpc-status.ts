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
