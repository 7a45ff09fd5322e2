import { closeSync, openSync, writeSync } from 'node:fs';

/** Appends what came, one JSON line each, before anything else is done about it. */
export interface ReceivedLedger {
  /** @returns the attempt's number in this ledger */
  arrived(attempt: {
    readonly id: string;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: Uint8Array;
    readonly behaviour: string;
  }): number;
  /** What the sender was told. */
  answered(no: number, status: number): void;
  close(): void;
}

/** @param now the real time, whatever the receiver takes it for */
export function openReceivedLedger(file: string, endpoint: string, now: () => number = Date.now): ReceivedLedger {
  const opened = openSync(file, 'a');
  const write = (line: object) => void writeSync(opened, `${JSON.stringify(line)}\n`);
  let last = 0;
  return {
    arrived({ id, headers, body, behaviour }) {
      const no = ++last;
      const text = Buffer.from(body).toString('base64');
      write({ what: 'arrived', no, at: now(), endpoint, id, headers, body: text, behaviour });
      return no;
    },
    answered: (no, status) => write({ what: 'answered', no, at: now(), status }),
    close: () => closeSync(opened),
  };
}
