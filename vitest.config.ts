import { defineConfig } from "vitest/config";

export default defineConfig({
  // Node loads graphql's CommonJS build, for us and for the libraries alike; Vitest would give us its ESM build, a
  // second graphql, whose schemas and errors the libraries do not know as theirs.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**", "node_modules/**"],
    globalSetup: ["test/setup/memory.ts", "test/setup/compile-cache.ts", "test/setup/postgres.ts"],
    pool: "forks",
    // A worker reads the packages once for all its files: a fifth of the time of the suite.
    isolate: false,
    // Most tests wait for a process or a database: a worker for each processor, not one fewer.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // A busy machine makes nothing wrong.
    expect: { poll: { timeout: 20_000 } },
  },
});
