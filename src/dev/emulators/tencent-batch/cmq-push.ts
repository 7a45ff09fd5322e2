import { randomInt } from 'node:crypto';

/** The three forms in which CMQ pushes the messages of a subscription. */
export const CMQ_FORMS = ['json', 'base64', 'simplified'] as const;
export type CmqForm = (typeof CMQ_FORMS)[number];

export interface CmqPush {
  /** Tencent Batch's events, published together as one message. */
  readonly events?: readonly object[];
  /** The message itself, in place of `events`. */
  readonly message?: string;
  /**
   * json: an envelope with the message as text (default) · base64: the same with the message in base64, as the console
   * publishes · simplified: the message alone, with its ids in headers.
   */
  readonly form?: CmqForm;
  /** Default: a new one. The same id means the same message. */
  readonly messageId?: string;
}

/**
 * Pushes a message over HTTP as CMQ does.
 * Source: https://www.tencentcloud.com/document/product/406/7420 (delivering messages to an HTTP endpoint)
 */
export async function pushCmq(url: string, push: CmqPush): Promise<number> {
  const { form = 'json', messageId = String(randomInt(1, 2 ** 47)) } = push;
  const message = push.message ?? JSON.stringify({ Events: push.events ?? [] });
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain',
      'user-agent': 'Qcloud Notification Service Agent',
      'x-cmq-request-id': String(randomInt(1, 2 ** 47)),
      'x-cmq-message-id': messageId,
      'x-cmq-message-tag': '',
    },
    body: form === 'simplified' ? message : JSON.stringify(envelope(message, messageId, form)),
  });
  await response.arrayBuffer();
  return response.status;
}

function envelope(message: string, msgId: string, form: CmqForm): object {
  return {
    TopicOwner: 100015036,
    topicName: 'batch-events',
    subscriptionName: 'jobherald',
    msgId,
    msgBody: form === 'base64' ? Buffer.from(message).toString('base64') : message,
    publishTime: Math.floor(Date.now() / 1000),
  };
}
