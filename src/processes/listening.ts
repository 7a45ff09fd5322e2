/** A port of ours cannot be listened on; `message` says which, why, and where it is configured. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'cannot_listen';
}

/**
 * Listens, or says in one line why not.
 * @param section the configuration's part that says where: `/worker`
 * @throws {ListenError}
 */
export async function listening(listen: () => Promise<string>, section: string, address: string): Promise<string> {
  try {
    return await listen();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another program listens there; end it, or choose another port' : message;
    throw new ListenError(`cannot listen on ${address} (${section} of the configuration): ${why}`, { cause });
  }
}
