/** The credentials of `Authorization: Bearer …`, or undefined. Source: RFC 6750 section 2.1. */
export function bearerCredentials(authorization: string | undefined): string | undefined {
  return /^bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
}
