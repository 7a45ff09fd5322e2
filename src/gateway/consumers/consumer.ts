/** Something that brings hints without being called. */
export interface Consumer {
  /** Whether it is connected. Not part of `/readyz`: a gateway without it still serves. */
  ready(): boolean;
  /** Stops taking, finishes what is in flight, within 10 s. What is not finished comes again. */
  close(): Promise<void>;
}
