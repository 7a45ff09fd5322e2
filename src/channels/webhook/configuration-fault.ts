/** Something in the configuration that an attempt needs is missing or wrong. The message names it and what to do. */
export class ConfigurationFault extends Error {
  override readonly name = 'ConfigurationFault';
}
