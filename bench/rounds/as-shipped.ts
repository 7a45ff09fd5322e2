import { SMALL_MALLOC, SMALL_V8_OPTIONS } from '../../src/cli/start-small';
import type { ChildOptions } from './child';

/** The memory settings that `jobherald worker` and `jobherald gateway` start themselves with; they cost CPU time. */
export const AS_SHIPPED: ChildOptions = { execArgv: SMALL_V8_OPTIONS, env: SMALL_MALLOC };
