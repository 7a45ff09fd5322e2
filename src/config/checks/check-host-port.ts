import type { Fault } from '../fault';

/** That the port behind a host is one. '' is no address. */
export function checkHostPort(pointer: string, text: string): readonly Fault[] {
  const port = Number(text.slice(text.lastIndexOf(':') + 1));
  return text === '' || (port >= 1 && port <= 65535) ? [] : [{ pointer, text: 'must end in a port from 1 to 65535' }];
}
