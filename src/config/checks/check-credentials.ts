import type { Config } from '../config';
import { type Fault, pointerTo } from '../fault';

export function checkCredentials(credentials: Config['credentials']): readonly Fault[] {
  return Object.entries(credentials).flatMap(([name, value]) => {
    const pointer = pointerTo('credentials', name);
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      return [
        { pointer, text: 'must be named by letters, digits, dots, dashes and underscores, beginning with a letter' },
      ];
    }
    return value === '' ? [{ pointer, text: 'is empty; give the key, or take the credential out' }] : [];
  });
}
