import type { SchemaName } from '../../schemas';
import type { ProvidersSection, Submission } from '../../schemas/types';
import type { Config } from '../config/config';
import type { Fault as ConfigFault } from '../config/fault';
import type { Fault } from '../domain/jobherald-error';
import type { Subscription } from '../domain/subscription';
import type { Consumer, IngressContext, IngressRoute } from './ingress';
import type { Provider, ProviderOptions } from './provider';

/** As in the configuration, `providers.{name}`, and in the schemas. */
export type SystemName = keyof ProvidersSection;

/**
 * All that the rest of the program sees of a system. Whoever reads a configuration loads this, so what is slow to load
 * (a client library, a route's verification) is loaded by the member that needs it.
 * What runs in workflows, its format, is in workflow-registry.ts.
 * @template C its section of the configuration, resolved
 */
export interface System<Name extends SystemName, C> {
  readonly name: Name;
  readonly config: ConfigSection<Name, C>;

  /** Its providers: one, one for each service, or none where it is switched off. Made once per process. */
  createProviders(config: C, options: ProviderOptions): readonly Provider[];

  /** The routes that it pushes to. Default: none. */
  ingress?(): readonly IngressRoute<C>[];

  /** Starts what brings its messages without being called, as far as it is configured. Default: nothing. */
  startConsumers?(config: C, context: IngressContext): readonly Consumer[];

  /** Schemas that the OpenAPI document describes for it. Default: none. */
  readonly schemas?: {
    readonly published: readonly SchemaName[];
    /** That of the body that its format has for events, where it has one. */
    readonly event?: SchemaName;
  };

  /** Its own way to say in a submission who is notified. */
  readonly notifications?: NotificationShape;

  /** What its format has to know of the configuration. Fixed at submission, because a run reads no configuration. */
  formatSettings?(config: C): Pick<Subscription, 'source'>;
}

/** A system's section of the configuration. */
export interface ConfigSection<Name extends SystemName, C> {
  /**
   * Fills in the defaults. Total: what validation took out of the file is replaced by its default.
   * @param section undefined where the file has none
   * @param resolved the parts that a section may refer to
   */
  resolve(section: ProvidersSection[Name] | undefined, resolved: ResolvedParts): C;
  /**
   * Everything that the schema cannot say.
   * @param section as written, for what is filled in afterwards
   */
  check(config: C, whole: Config, section: ProvidersSection[Name] | undefined): readonly ConfigFault[];
  /** Values that nobody may read in a log. Default: none. */
  secretsOf?(config: C): readonly string[];
  /** Whether the configuration means to use the system. */
  isUsed(config: C): boolean;
  /** Whether the system can be used without a section, so that it counts as meant where no other is used. Default: no. */
  readonly isDefault?: boolean;
}

export type ResolvedParts = Pick<Config, 'endpoints' | 'secrets' | 'credentials'>;

/** Members of a submission that take the place of `endpoints`, in a system's own shape. */
export interface NotificationShape {
  readonly members: readonly (keyof Submission)[];
  /**
   * Resolves such a member to subscriptions.
   * @param value as its schema lets it through
   * @param at its pointer
   */
  resolve(value: unknown, at: string, config: Config): ResolvedNotifications;
}

export interface ResolvedNotifications {
  readonly subscriptions: readonly Subscription[];
  /** Every fault there is, each with the JSON pointer of what is wrong. */
  readonly faults: readonly Fault[];
}
