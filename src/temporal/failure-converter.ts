import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts message and stack of a failure into a payload, so that the codec encrypts them: an attempt's failure quotes what
 * an endpoint has answered. The SDK loads this file by its path.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
