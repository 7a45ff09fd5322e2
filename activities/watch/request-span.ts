import type { TraceContext } from '../../src/domain/trace-context';
import { ProviderError } from '../../src/providers/provider';
import type { SpanAttributes, Tracer } from '../../src/tracing/tracer';

export interface ProviderRequest {
  /** `ask vertex-ai`, `list vertex-ai` */
  readonly name: string;
  /** What it is a step of; absent: a trace of its own. */
  readonly parent?: TraceContext | undefined;
  readonly attributes: SpanAttributes;
}

/**
 * Asks a provider as a span of its own, which ends with that, however that ends.
 * @param shown what is recorded of the answer
 */
export async function inRequestSpan<T>(
  tracer: Tracer | undefined,
  { name, parent, attributes }: ProviderRequest,
  ask: () => Promise<T>,
  shown: (answer: T) => SpanAttributes,
): Promise<T> {
  const span = tracer?.begin(name, { kind: 'client', parent, attributes });
  try {
    const answer = await ask();
    span?.end(shown(answer));
    return answer;
  } catch (error) {
    span?.end({ 'error.type': error instanceof ProviderError ? error.code : '_OTHER' }, String(error));
    throw error;
  }
}
