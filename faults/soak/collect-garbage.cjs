/**
 * For `--require` with `--expose-gc`: collects garbage now and then, in every thread. V8 by itself lets memory that
 * nobody needs lie for as long as the machine has any, and then a leak cannot be distinguished from that.
 */
const EVERY_MS = 3_000;

setInterval(() => globalThis.gc(), EVERY_MS).unref();
