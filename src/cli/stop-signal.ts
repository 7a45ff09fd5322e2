/** One Ctrl-C may connect twice: from the terminal, and from an npm that passes its own on. */
const SAME_KEY_PRESS_MS = 1_000;

export interface StopSignal extends Disposable {
  /** Aborted by the first SIGTERM or SIGINT. A later second one ends the process at once. */
  readonly signal: AbortSignal;
}

const LONG_RUNNING: readonly (string | undefined)[] = ['dev', 'worker', 'gateway', 'codec-server'];
const exitAtOnce = () => process.exit(0);

/** A long-running command that is stopped while it is still being loaded has nothing to finish: exit code 0, as later. */
export function stopBeforeStart(command: string | undefined): void {
  if (LONG_RUNNING.includes(command)) process.on('SIGTERM', exitAtOnce).on('SIGINT', exitAtOnce);
}

export function stopSignal(): StopSignal {
  process.off('SIGTERM', exitAtOnce).off('SIGINT', exitAtOnce);
  const controller = new AbortController();
  let firstAt = 0;
  const stop = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort(new Error(`stopped by ${name}`));
    } else if (Date.now() - firstAt > SAME_KEY_PRESS_MS) {
      process.exit(1);
    }
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => void process.off('SIGTERM', stop).off('SIGINT', stop),
  };
}
