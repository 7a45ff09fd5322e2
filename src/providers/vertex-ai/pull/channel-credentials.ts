import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import type { VertexAiConfig } from '../../../config/config';

const SCOPE = 'https://www.googleapis.com/auth/pubsub';

/**
 * Application Default Credentials over TLS; plaintext and no look-up only for an `insecure` endpoint of one's own.
 * @throws where there are no credentials; they may come
 */
export async function channelCredentials({
  insecure,
  pubsub,
}: Pick<VertexAiConfig, 'insecure' | 'pubsub'>): Promise<ChannelCredentials> {
  if (insecure && pubsub.pull.apiEndpoint !== '') return credentials.createInsecure();
  const { GoogleAuth } = await import('google-gax');
  const client = await new GoogleAuth({ scopes: [SCOPE] }).getClient();
  const perCall = credentials.createFromGoogleCredential({
    getRequestHeaders: async (url) => Object.fromEntries(await client.getRequestHeaders(url)),
  });
  return credentials.combineChannelCredentials(credentials.createSsl(), perCall);
}
