export { bulkRedelivery } from './bulk-redelivery';
export { endpointPause } from './endpoint-pause';
export { endpointRetry } from './endpoint-retry';
export { job } from './job';
export { notice } from './notice';
export { redelivery } from './redelivery';
export { caretaker } from './watch/caretaker';
export { scopeWatch } from './watch/scope-watch';
