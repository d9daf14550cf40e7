/**
 * A subgraph whose rows are spread over members with the same schema: each is asked only for what is its own.
 *
 * `@partition(by: …)` in the supergraph names the key field of a type, or the argument of a root field, whose value
 * names the member. Types and root fields without it belong to the subgraph's own URL.
 */
import { createLru } from "./lru.ts";
import { parseOperation, type SubgraphOperation } from "./operation.ts";
import type { Partition } from "./owner.ts";
import { askEntities } from "./partition-entities.ts";
import { askRootFields } from "./partition-root.ts";
import { entityLists, type Transport } from "./transport.ts";

// An engine sends the same few documents over and over; hostile clients send many long ones.
const OPERATIONS = 500;
const LONGEST_OPERATION = 20_000;

/** Asks the members concerned, in parallel where order does not matter, and puts their answers together. */
export function askMembers(ask: Transport, partition: Partition): Transport {
  const operations = createLru<SubgraphOperation>(OPERATIONS, LONGEST_OPERATION);
  return (request) => {
    if (entityLists(request).length > 0) return askEntities(ask, partition, request);
    const operation = operations.get(request.query, () => parseOperation(request.query));
    return askRootFields(ask, partition, request, operation);
  };
}
