export { job } from './job';
export { redelivery } from './redelivery';
