/** Request headers as Node has them: lower-case names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0]) || undefined;
}
