const patchModule = require('./patch-module.cjs');

// Deduplication removed: the receiver's store remembers nothing, so every attempt that it takes has its effect.
patchModule('src/receiver/stores/sqlite-store', (module) => ({
  ...module,
  sqliteStore: (database) => ({
    setUp: async () => {},
    once: async (_key, effect) => {
      await effect({ database });
      return 'handled';
    },
    prune: async () => false,
  }),
}));
