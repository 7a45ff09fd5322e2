import { type InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';

/**
 * Makes a call on a channel that has been closed fail like any other, with `CANCELLED`. gRPC throws instead, and a retry
 * begins in a timer, where nobody catches: closing a connection while a call waited to be repeated ended the process.
 */
export function cancelledOnceClosed(interceptor: Interceptor): Interceptor {
  return (options, nextCall) =>
    interceptor(options, (callOptions) => {
      try {
        return nextCall(callOptions);
      } catch (error) {
        return failedCall((error as Error).message) as InterceptingCall;
      }
    });
}

/** The part of a call that an interceptor uses. A unary call always has a message, if only `null`, and then a status. */
function failedCall(
  details: string,
): Pick<InterceptingCall, 'start' | 'sendMessage' | 'halfClose' | 'cancelWithStatus'> {
  return {
    start(_metadata, listener) {
      setImmediate(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: status.CANCELLED, details, metadata: new Metadata() });
      });
    },
    sendMessage() {},
    halfClose() {},
    cancelWithStatus() {},
  };
}
