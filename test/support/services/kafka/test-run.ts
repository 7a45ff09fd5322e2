import type { KafkaService } from './kafka';

/** What test files need of the broker that they share. */
export type SharedKafka = Pick<KafkaService, 'broker' | 'saslBroker'>;

/** What the end of the run needs to know. */
export interface RunningKafka extends SharedKafka {
  readonly endCommand: readonly string[];
  readonly directory: string;
}

/** Of the whole test run; made by global-setup.ts. */
export const KAFKA_DIRECTORY = 'JOBHERALD_TEST_KAFKA';
/** The process with which the broker ends. */
export const KAFKA_OWNER = 'JOBHERALD_TEST_KAFKA_OWNER';
export const RUNNING = 'running.json';
