import { status as Code } from '@grpc/grpc-js';

/** Why nothing is pulled just now. */
export interface PullFault {
  /** The same as long as the cause is: what is said once need not be said at each attempt. */
  readonly code: 'ended' | 'not_found' | 'permission_denied' | 'no_credentials' | 'refused' | 'unavailable';
  /** What it is and what to do. */
  readonly text: string;
}

/** Google ends every stream now and then: that is no fault of anybody. */
export const ENDED: PullFault = { code: 'ended', text: 'Pub/Sub ended the stream, as it does now and then' };

/** Puts a gRPC or credential error into words. */
export function toPullFault(error: unknown, subscription: string): PullFault {
  const { code, details, message } = error as { code?: unknown; details?: string; message?: string };
  const said = (details || message || String(error)).slice(0, 500);
  switch (code) {
    case Code.NOT_FOUND:
      return { code: 'not_found', text: `Pub/Sub knows no ${subscription}: create the subscription (${said})` };
    case Code.PERMISSION_DENIED:
      return {
        code: 'permission_denied',
        text: `Pub/Sub refuses ${subscription}: grant roles/pubsub.subscriber on it to the gateway's service account (${said})`,
      };
    case Code.UNAUTHENTICATED:
      return { code: 'no_credentials', text: `Pub/Sub does not accept the gateway's credentials (${said})` };
    case Code.INVALID_ARGUMENT:
    case Code.FAILED_PRECONDITION:
    case Code.UNIMPLEMENTED:
      return { code: 'refused', text: `Pub/Sub cannot be pulled from ${subscription} (${said})` };
    default:
      return /default credentials/i.test(said)
        ? {
            code: 'no_credentials',
            text:
              'no Application Default Credentials: attach a service account to the gateway or set ' +
              `GOOGLE_APPLICATION_CREDENTIALS (${said})`,
          }
        : { code: 'unavailable', text: `Pub/Sub cannot be reached (${said})` };
  }
}
