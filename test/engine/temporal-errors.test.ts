import { status } from '@grpc/grpc-js';
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import { isNotFound } from '../../src/engine';

const notFound = (details: string) =>
  Object.assign(new Error(details), { code: status.NOT_FOUND, details, metadata: {} });

describe('a run that Temporal does not find', () => {
  it('is not there, or closed', () => {
    expect(isNotFound(notFound('workflow execution already completed'))).toBe(true);
    expect(isNotFound(new WorkflowNotFoundError('workflow not found for ID: x', 'x', undefined))).toBe(true);
  });

  // A server that is overloaded says it of a namespace that there is; whoever took a run for closed would lose what he had for it.
  it('may be there where the namespace is not found', () => {
    expect(isNotFound(notFound('Namespace default is not found.'))).toBe(false);
    expect(isNotFound(new NamespaceNotFoundError('default'))).toBe(false);
  });
});
