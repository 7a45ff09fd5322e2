/** Ends a command with an exit code other than 0. The message goes to stderr as it is; '' where all has been said. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code = 'cli_failure';

  constructor(
    message = '',
    readonly exitCode: 1 | 2 | 3 = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
