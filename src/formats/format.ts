import type { JobEvent } from '../domain/event';
import type { Message } from '../domain/message';

/**
 * Renders an event for an endpoint. Pure and without imports but the domain: it runs inside the workflow,
 * once for each event and format, and what it returns is sent unchanged ever after.
 */
export type RenderFormat = (event: JobEvent) => Omit<Message, 'id'>;
