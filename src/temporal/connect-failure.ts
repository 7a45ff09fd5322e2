/** ` (2026-01-02T03:04:05.678Z)`, which gRPC appends to some errors. */
const TIME = / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/g;

/**
 * Why a connection failed, in one line. The SDK wraps gRPC errors, which wrap the operating system's; the innermost
 * one says what is wrong, in the native runtime's case inside a dump of Rust structures.
 */
export function connectFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return connectFailure(error.cause);
  const { details } = error as { readonly details?: unknown };
  const said = typeof details === 'string' && details !== '' ? details : error.message;
  const text = said.replace(TIME, ''); // else the same cause would differ at every attempt
  return (
    /Last error: (?:Error: )?(.+?)\. Resolution note/.exec(text)?.[1] ??
    /(?:message|error): "([^"]+)"/.exec(text)?.[1] ??
    text.split('\n')[0] ??
    error.name
  );
}
