/** Where test files ask for the services of the run: the URL of offer-shared-services.ts. */
export const SHARED_SERVICES = 'JOBHERALD_TEST_SERVICES';

/** What a test file gets of each; where it is not told apart by names, the file has a part of its own. */
export interface SharedServices {
  /** Topics and groups are told apart by their names. */
  readonly kafka: {
    readonly broker: string;
    readonly saslBroker: string;
    /** As of `KafkaService`, for one test file at a time: only one can forward to it. */
    readonly listenerPort: number;
    readonly forwardedPort: number;
  };
  /** Exchanges and queues are told apart by their names. */
  readonly rabbitmq: { readonly url: string; readonly port: number };
  /** Of a database of the caller's own, which is empty. */
  readonly postgres: { readonly url: string };
  /** Of a database of the caller's own, which is empty. */
  readonly redis: { readonly url: string };
}

/** A service of this test run, started when the first test file asks for it. One that a test kills is one of its own. */
export async function sharedService<Name extends keyof SharedServices>(name: Name): Promise<SharedServices[Name]> {
  const url = process.env[SHARED_SERVICES];
  if (url === undefined) throw new Error(`no ${name}: jest runs without test/support/global-setup.ts`);
  const response = await fetch(`${url}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`no ${name}: ${text}`);
  return JSON.parse(text) as SharedServices[Name];
}
