/**
 * The subgraphs without any gateway: what they can answer must be far more than any gateway asks of them.
 */
import { normalise } from "../load/normalise.ts";
import type { Service } from "../subgraphs/main.ts";
import { type Operation, PRODUCT_REVIEWS, SMALL } from "../workloads/operations.ts";
import { type Bench, runJob } from "./measure.ts";
import { askText } from "./start.ts";

const CONNECTIONS = 50;

/** One line, with requests per second for a small request and for a list of entities. */
export async function measureAlone(shop: readonly Service[], bench: Bench): Promise<string> {
  const small = await rate(urlOf(shop, "accounts"), SMALL, bench);
  const list = await rate(urlOf(shop, "reviews"), PRODUCT_REVIEWS, bench);
  return `the subgraphs alone, on the load generator's core: ${small} small requests/s, ${list} lists of entities/s`;
}

async function rate(
  url: string,
  operation: Operation,
  { load, seconds, warmUp }: Pick<Bench, "load" | "seconds" | "warmUp">,
): Promise<string> {
  const expected = normalise(await askText(url, operation));
  const job = {
    url,
    operations: [{ ...operation, expected }],
    connections: CONNECTIONS,
    once: false,
    authorize: false,
  };
  await runJob(load, { ...job, seconds: warmUp });
  const { requests, seconds: took, fault } = await runJob(load, { ...job, seconds });
  if (fault !== undefined) throw new Error(`a subgraph of the benchmark is faulty: ${fault}`);
  return Math.round(requests / took).toLocaleString("en");
}

function urlOf(shop: readonly Service[], subgraph: string): string {
  const service = shop.find(({ name }) => name === subgraph);
  if (service === undefined) throw new Error(`the shop has no subgraph ${subgraph}`);
  return service.url;
}
