import { SMALL_V8_OPTIONS, smallMalloc } from '../../src/cli/start-small';
import type { ChildOptions } from './child';

/** The memory settings that `jobherald worker` and `jobherald gateway` start themselves with; they cost CPU time. */
export const AS_SHIPPED: Readonly<Record<'worker' | 'gateway', ChildOptions>> = {
  worker: { execArgv: SMALL_V8_OPTIONS, env: smallMalloc('worker') },
  gateway: { execArgv: SMALL_V8_OPTIONS, env: smallMalloc('gateway') },
};
