/**
 * Lets Node run the TypeScript of this package where it is installed below node_modules: by itself, Node refuses to.
 */
const { readFileSync } = require("node:fs");
const { registerHooks, stripTypeScriptTypes } = require("node:module");
const path = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

const PACKAGE = pathToFileURL(`${path.dirname(__dirname)}/`).href;

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(PACKAGE) || !url.endsWith(".ts")) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source, shortCircuit: true };
  },
});
