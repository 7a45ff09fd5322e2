import type { Logger } from 'pino';

/**
 * Puts into the log what Node would print beside it: warnings of libraries, and the error that ends the process.
 * A process that met an error nobody foresaw ends; whoever runs it starts it again, and Temporal has kept everything.
 */
export function logFromNode(logger: Logger): void {
  // Node's own listener prints plain text.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => logger.warn({ source: name }, message));
  process.on('uncaughtException', (err, origin) => {
    logger.fatal({ err, source: origin }, 'ended by an unforeseen error');
    process.exit(1);
  });
}
