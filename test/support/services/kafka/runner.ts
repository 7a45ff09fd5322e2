/** Whom the broker's SASL listener knows. */
export const KAFKA_USER = { username: 'jobherald', password: 'open sesame' } as const;

/** What runs a broker: Java, or a Docker engine. */
export interface KafkaRunner {
  start(): Promise<void>;
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export interface KafkaPorts {
  readonly plain: number;
  readonly controller: number;
  readonly sasl: number;
  readonly listener: number;
  readonly forwarded: number;
}
