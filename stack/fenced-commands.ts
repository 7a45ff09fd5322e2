const LEFT_OUT = '# needs a container engine';

export interface FencedCommand {
  readonly line: string;
  /** Whether its block says that it needs a container engine. */
  readonly isLeftOut: boolean;
}

/** What a page has fenced as `sh`, continued lines joined, without comments. */
export function fencedCommands(text: string): FencedCommand[] {
  return [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].flatMap(([, block = '']) => {
    const lines = block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.trim());
    const isLeftOut = lines.includes(LEFT_OUT);
    return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => ({ line, isLeftOut }));
  });
}
