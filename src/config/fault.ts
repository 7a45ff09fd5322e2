/** One thing wrong with the configuration: where (JSON pointer, RFC 6901; `/` for the file as a whole) and what to do. */
export interface Fault {
  readonly pointer: string;
  readonly text: string;
  /** Pointer of what this judgement rests on: with a fault there, this one says nothing. */
  readonly follows?: string;
}

/** A JSON pointer from its members: `pointerTo('endpoints', 0, 'url')` is `/endpoints/0/url`. */
export function pointerTo(...members: readonly (string | number)[]): string {
  return members.map((member) => `/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function membersOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((member) => member.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Whether `pointer` is `ancestor` or lies below it. */
export function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`);
}
