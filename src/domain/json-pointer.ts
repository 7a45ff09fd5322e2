/**
 * The value at a JSON pointer, or undefined where there is none. Sees only what JSON has: no member of a prototype, no
 * `length` of a list.
 * Source: RFC 6901; `-`, the place after the last item, never holds a value.
 */
export function valueAt(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let value = document;
  for (const member of pointer.slice(1).split('/').map(unescapeMember)) {
    if (Array.isArray(value)) value = /^(?:0|[1-9][0-9]{0,8})$/.test(member) ? value[Number(member)] : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, member))
      value = (value as Readonly<Record<string, unknown>>)[member];
    else return undefined;
  }
  return value;
}

function unescapeMember(member: string): string {
  return member.replaceAll('~1', '/').replaceAll('~0', '~');
}
