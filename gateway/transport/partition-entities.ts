/**
 * Entities of a partitioned subgraph: the representations are split by the key, and the answers put back in place.
 */
import type { Member } from "../members.ts";
import { clientErrors } from "./failures.ts";
import { memberNamed, ownServer, unknownMember, type Owner, type Partition } from "./owner.ts";
import {
  type EntityList,
  entityLists,
  representationsOf,
  type SubgraphError,
  type SubgraphRequest,
  type SubgraphResponse,
  type Transport,
} from "./transport.ts";

/** What one server is asked for. */
interface Share {
  readonly url: string | undefined;
  readonly member: Member | undefined;
  /** Places of its entities in each whole list, by the list's response key. */
  readonly indices: Map<string, number[]>;
}

/**
 * Asks each member for its own entities, all members at once. A member that fails costs its own entities: they are
 * null, with one error.
 */
export async function askEntities(
  ask: Transport,
  partition: Partition,
  request: SubgraphRequest,
): Promise<SubgraphResponse> {
  const lists = entityLists(request);
  const { shares, errors } = divide(partition, request, lists);
  // No prototype: response keys may be chosen by clients.
  const data: Record<string, unknown[]> = Object.create(null);
  for (const list of lists) data[list.responseKey] = representationsOf(request, list).map(() => null);
  let plain = true;
  const failures = await Promise.all(
    shares.map(async ({ url, member, indices }) => {
      const variables = { ...request.variables };
      for (const list of lists) {
        const whole = representationsOf(request, list);
        variables[list.variable] = (indices.get(list.responseKey) ?? []).map((index) => whole[index]);
      }
      const part = { ...request, url, member, variables };
      const response = await ask(part);
      if (response.data && response.plain !== true) plain = false;
      for (const [key, places] of indices) putBack(places, response.data?.[key], data[key] ?? []);
      const [[first, [at = 0]] = ["_entities", [0]] as const] = indices;
      return clientErrors(part, response, (path) => moveInto(indices, path), [first, at]);
    }),
  );
  errors.push(...failures.flat());
  return { data, plain, errors: errors.length > 0 ? errors : undefined };
}

/** Gives every entity to its owner. */
function divide(partition: Partition, request: SubgraphRequest, lists: readonly EntityList[]) {
  const shares = new Map<Member | undefined, Share>();
  const errors: SubgraphError[] = [];
  for (const list of lists)
    for (const [index, representation] of representationsOf(request, list).entries()) {
      const owner = ownerOf(partition, representation);
      if (owner.kind === "unknown")
        errors.push(unknownMember(partition, request, owner.key, [list.responseKey, index]));
      if (owner.kind !== "asked") continue;
      let share = shares.get(owner.member);
      if (share === undefined) {
        share = { url: owner.url, member: owner.member, indices: new Map() };
        shares.set(owner.member, share);
      }
      const places = share.indices.get(list.responseKey);
      if (places === undefined) share.indices.set(list.responseKey, [index]);
      else places.push(index);
    }
  return { shares: [...shares.values()], errors };
}

function putBack(places: readonly number[], answered: unknown, whole: unknown[]): void {
  if (!Array.isArray(answered)) return;
  for (const [place, index] of places.entries()) whole[index] = answered[place] ?? null;
}

function ownerOf(partition: Partition, representation: unknown): Owner {
  const fields = representation as Readonly<Record<string, unknown>>;
  const by = partition.types.get(String(fields["__typename"]));
  return by === undefined ? ownServer(partition) : memberNamed(partition, fields[by]);
}

/** A path in one member's answer, in the whole. */
function moveInto(indices: Share["indices"], path: SubgraphError["path"]): SubgraphError["path"] {
  const [root, place, ...rest] = path ?? [];
  if (typeof root !== "string" || typeof place !== "number") return undefined;
  const index = indices.get(root)?.[place];
  return index === undefined ? undefined : [root, index, ...rest];
}
