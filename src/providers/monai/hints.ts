/** What the gateway needs of MONAI: its messages, read. */

export { acceptedStatus, isPluginType, runnerNotSupportedStatus } from './first-status';
export type { Read } from './messages/body';
export { readCallback } from './messages/callback';
export { readCancellation } from './messages/cancellation';
export { type Dispatch, readDispatch } from './messages/dispatch';
