/**
 * Makes what the sample province needs so that nobody gets in, for programs that `npm start` does not start itself: keys,
 * tokens, the trust file and the record file. What is there stays what it was; tokens are made anew.
 *
 *     node province/keys.ts --data /keys --database-url postgres://…
 */
import { z } from "zod";
import { runProgram } from "../process/lifecycle.ts";
import { readOptions } from "../process/options.ts";
import { DEFAULT_DATA } from "./data-directory.ts";
import { DEFAULT_DATABASE_PREFIX } from "./databases.ts";
import { prepareRecord, recordFile } from "./record.ts";
import { say } from "./terminal.ts";
import { prepareTrust } from "./trust.ts";

runProgram(async () => {
  const { data, databaseUrl } = readOptions({
    name: "province/keys.ts",
    summary: "makes the sample province's keys, tokens, trust file and record file",
    options: {
      data: {
        schema: z.string().min(1).default(DEFAULT_DATA),
        help: `Where they are kept. Default ${DEFAULT_DATA}.`,
        placeholder: "DIR",
      },
      databaseUrl: {
        schema: z.url({
          protocol: /^postgres(ql)?$/,
          error: "is required: postgres://user:password@host:5432",
        }),
        help: "The PostgreSQL server that the record is in.",
        env: "DATABASE_URL",
        placeholder: "URL",
      },
    },
  });
  const { trust } = await prepareTrust(data);
  await prepareRecord(data, databaseUrl, DEFAULT_DATABASE_PREFIX);
  say(`${trust}\n${recordFile(data)}`);
});
