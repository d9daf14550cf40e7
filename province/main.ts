/**
 * `npm start`: loads the program (start.ts), which is compiled already since the last start on the same data directory.
 */
import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { cacheDirectoryOf, DEFAULT_DATA } from "./data-directory.ts";

// Before the options are read as they should be, which tells what is wrong with them: reading them takes modules, too.
const { data, help } = parseArgs({
  options: { data: { type: "string" }, help: { type: "boolean", short: "h" } },
  strict: false,
}).values;
if (help !== true) enableCompileCache(cacheDirectoryOf(typeof data === "string" ? data : DEFAULT_DATA));
await import("./start.ts");
