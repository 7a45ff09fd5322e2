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
