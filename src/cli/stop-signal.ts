/** One Ctrl-C may arrive twice: from the terminal, and from an npm that passes its own on. */
const SAME_KEY_PRESS_MS = 1_000;

export interface StopSignal extends Disposable {
  /** Aborted by the first SIGTERM or SIGINT. A later second one ends the process at once. */
  readonly signal: AbortSignal;
}

export function stopSignal(): StopSignal {
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
