/** How notices about Vertex AI jobs are read. Pure: what they say is never believed, only that somebody said it. */
export { readEventarc } from './hints/eventarc';
export type { Headers } from './hints/headers';
export { readPubsubMessage } from './hints/pubsub-message';
export { readPubsubPush } from './hints/pubsub-push';
