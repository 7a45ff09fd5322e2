import { isObject } from '../../../domain/json';

/** However they are spelled: `access_key`, `AccessKey`, `accessKey`, `secret-key`. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'credentials',
  'credential',
  'accesskey',
  'accesskeyid',
  'accesstoken',
  'secretkey',
  'secretaccesskey',
  'sessiontoken',
  'password',
]);

/** A copy without anything that opens a storage, at whatever depth it stands. */
export function withoutCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !SECRET_MEMBERS.has(name.replace(/[^a-z]/gi, '').toLowerCase()))
      .map(([name, member]) => [name, withoutCredentials(member)]),
  );
}
