/** One Ctrl-C may connect twice: from the terminal, and from an npm that passes its own on. */
const SAME_KEY_PRESS_MS = 1_000;

export interface StopSignal extends Disposable {
  /** Aborted by the first SIGTERM or SIGINT. A later second one ends the process at once. */
  readonly signal: AbortSignal;
}

const LONG_RUNNING: readonly (string | undefined)[] = ['dev', 'worker', 'gateway', 'codec-server'];
const exitAtOnce = () => process.exit(0);

/**
 * What a signal does now. Node.js listens from the first call on and never stops in between: a signal that comes while a program is
 * being loaded, which blocks it, is passed on when that is over, and would be lost with the listener that it came to.
 */
let onSignal: ((name: NodeJS.Signals) => void) | undefined;
const pass = (name: NodeJS.Signals) => onSignal?.(name);

function listen(to: (name: NodeJS.Signals) => void): void {
  if (!onSignal) process.on('SIGTERM', pass).on('SIGINT', pass);
  onSignal = to;
}

/** A long-running command that is stopped while it is still being loaded has nothing to finish: exit code 0, as later. */
export function stopBeforeStart(command: string | undefined): void {
  if (LONG_RUNNING.includes(command)) listen(exitAtOnce);
}

export function stopSignal(): StopSignal {
  const controller = new AbortController();
  let firstAt = 0;
  listen((name) => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort(new Error(`stopped by ${name}`));
    } else if (Date.now() - firstAt > SAME_KEY_PRESS_MS) {
      process.exit(1);
    }
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      onSignal = undefined;
      process.off('SIGTERM', pass).off('SIGINT', pass);
    },
  };
}
