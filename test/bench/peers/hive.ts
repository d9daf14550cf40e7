/**
 * Hive Gateway as it comes, except that it passes the client's identity on, as every other gateway here does.
 */
import { defineConfig } from "@graphql-hive/gateway";

export const gatewayConfig = defineConfig({
  propagateHeaders: {
    fromClientToSubgraphs({ request }) {
      const authorization = request.headers.get("authorization");
      return authorization === null ? {} : { authorization };
    },
  },
});
