/**
 * bad_address: the server cannot listen there · port_taken: something else listens there ·
 * not_started: it ended or stayed silent while starting. `message` says what to do.
 */
export type DevServerErrorCode = 'bad_address' | 'port_taken' | 'not_started';

export class DevServerError extends Error {
  override readonly name = 'DevServerError';
  constructor(
    readonly code: DevServerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
