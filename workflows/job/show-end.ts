import { sleep } from '@temporalio/workflow';
import { showEnded } from './operator-view';
import type { Run } from './run';

export interface EndView {
  /** It is due after a moment; until then everyone may have been told. */
  showSoon(): void;
  isDue(): boolean;
  /** Shows it now, if it is not shown yet. */
  show(): void;
  wasShown(): boolean;
}

/** How long readers may have to wait for an end that was expected to be told at once. */
const MOMENT = '3 seconds';

/**
 * When readers see how the job ended: at once. But where its endpoints are just now taking one delivery after another, the
 * end is expected to be told before anybody looks, and is shown with that, or after a moment; for showing it costs a write of
 * the visibility index, the dearest that a run makes, and the many runs of such an hour are spared one.
 */
export function startEndView(run: Run): EndView {
  let momentIsOver = false;
  let shown = false;
  const show = () => {
    if (!shown) showEnded(run);
    shown = true;
  };

  if (!run.endpointsArePrompt) show();
  return {
    showSoon() {
      if (shown) return;
      void sleep(MOMENT, { summary: 'until the end is shown, told or not' }).then(() => {
        momentIsOver = true;
      });
    },
    isDue: () => momentIsOver && !shown,
    show,
    wasShown: () => shown,
  };
}
