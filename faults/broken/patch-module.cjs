const Module = require('node:module');

/** For `--require`: changes what one module of the built program exports, as it is loaded, and nothing on disk. */
module.exports = function patchModule(path, change) {
  const load = Module._load;
  const patched = new WeakSet();
  Module._load = function (request, parent, isMain) {
    const exported = load.call(this, request, parent, isMain);
    if (!request.startsWith('.') || typeof exported !== 'object' || patched.has(exported)) return exported;
    const file = Module._resolveFilename(request, parent, isMain).replaceAll('\\', '/');
    if (file.endsWith(`/${path}.js`) || file.endsWith(`/${path}.ts`)) {
      patched.add(exported);
      return change(exported);
    }
    return exported;
  };
};
