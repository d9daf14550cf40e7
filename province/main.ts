/**
 * `npm start`: loads the program (start.ts), which is compiled already since the last start on the same data directory.
 */
import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { cacheDirectoryOf, DEFAULT_DATA } from "./data-directory.ts";

// Before everything is loaded that reads options as they should be read: what is wrong with them is told there.
const { data } = parseArgs({ options: { data: { type: "string" } }, strict: false }).values;
enableCompileCache(cacheDirectoryOf(typeof data === "string" ? data : DEFAULT_DATA));
await import("./start.ts");
