import type { JobEvent } from '../domain/event';
import type { BrokerProperties, Message } from '../domain/message';
import type { Subscription } from '../domain/subscription';

/**
 * Renders an event for an endpoint. Pure and without imports but the domain: it runs inside the workflow,
 * once for each event and subscription, and what it returns is sent unchanged ever after.
 */
export type RenderFormat = (event: JobEvent, context: RenderContext) => Rendered;

/** What a rendering needs to know of whom it is for. */
export type RenderContext = Pick<Subscription, 'format' | 'vars' | 'selected' | 'source'>;

export interface Rendered extends Omit<Message, 'id' | 'broker'> {
  /** Where the format has its own say in what a broker is told. */
  readonly broker?: Partial<BrokerProperties>;
}
