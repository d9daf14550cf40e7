/**
 * What can be done to the graph, and who may do it.
 */
import { randomUUID } from "node:crypto";
import type { Queryable } from "../../process/database.ts";
import { openContext } from "../context.ts";
import type { Member } from "../members.ts";
import type { Signer } from "../trust/signer.ts";
import {
  type Change,
  type Changed,
  type ChangeSurroundings,
  changeGraph,
  type NewSubgraph,
} from "./change.ts";
import type { SubgraphSource } from "./compose.ts";
import type { VariantFilter } from "./contracts.ts";
import { RegistryError } from "./errors.ts";
import type { Identity } from "./keys.ts";
import { fetchSdl, type SdlHeaders } from "./member-sdl.ts";
import { missingFrom } from "./member-contract.ts";
import { hashOf, ownerOfMember, ownerOfSubgraph, readState } from "./sql.ts";
import type { GraphState, SubgraphVersion } from "./state.ts";

export interface Publication {
  readonly subgraphs: readonly SubgraphSource[];
  /** A member that joins, or changes, with them: both or neither. */
  readonly member?: Omit<MemberRegistration, "owner"> | undefined;
  /** Whose the subgraphs shall be; only the operator may say so. */
  readonly owner?: string | undefined;
  /** Clients may be harmed; only the operator may say so. */
  readonly allowBreaking: boolean;
}

export interface MemberRegistration {
  readonly member: Member;
  readonly validFrom: Date;
  /** The member's own schema; asked at its URL when left out. */
  readonly sdl?: string | undefined;
  /** Whose the member shall be; only the operator may say so. */
  readonly owner?: string | undefined;
}

/** The member's schema is looked at before the change waits for its turn. */
export async function publish(
  surroundings: ChangeSurroundings,
  db: Queryable,
  actor: Identity,
  publication: Publication,
): Promise<Changed> {
  const { subgraphs, owner, allowBreaking } = publication;
  if (allowBreaking) requireOperator(actor);
  const registration = publication.member && { ...publication.member, owner };
  if (registration !== undefined) {
    const { member } = registration;
    mayAnswerFor(actor, member, await ownerOfMember(db, member.key));
    const state = (await readState(db))!;
    const published = new Map([...state.subgraphs, ...subgraphs].map((each) => [each.name, each]));
    await checkContract({ ...state, subgraphs: [...published.values()] }, registration, surroundings.signer);
  }
  const names = subgraphs.map(({ name }) => name);
  return changeGraph(surroundings, actor, {
    action: "publish",
    subject: [...names, ...(registration ? [registration.member.key] : [])].join(", "),
    detail: {
      hashes: Object.fromEntries(subgraphs.map(({ name, sdl }) => [name, hashOf(sdl)])),
      ...(registration && { member: registration.member, validFrom: registration.validFrom }),
    },
    allowBreaking,
    draft: async (state, tx) => {
      const draft = await draftPublication(tx, actor, state, publication);
      return registration === undefined ? draft : draftMember(tx, actor, draft, registration);
    },
  });
}

/** The graph with subgraphs in place of those of the same names. */
export async function draftPublication(
  db: Queryable,
  actor: Identity,
  state: GraphState,
  { subgraphs, owner }: Pick<Publication, "subgraphs" | "owner">,
) {
  const published: (SubgraphVersion | NewSubgraph)[] = [];
  for (const source of subgraphs) {
    const known = await ownerOfSubgraph(db, source.name);
    const theirs = claim(actor, known, owner, { kind: "subgraph", name: source.name });
    const before = state.subgraphs.find(({ name }) => name === source.name);
    const isSame =
      before !== undefined &&
      before.sdl === source.sdl &&
      before.url === source.url &&
      before.file === source.file &&
      before.owner === theirs;
    published.push(isSame ? before : { ...source, owner: theirs });
  }
  const names = new Set(published.map(({ name }) => name));
  const others = state.subgraphs.filter(({ name }) => !names.has(name));
  return { ...state, subgraphs: [...others, ...published] };
}

export function retireSubgraph(
  surroundings: ChangeSurroundings,
  actor: Identity,
  name: string,
  allowBreaking: boolean,
): Promise<Changed> {
  if (allowBreaking) requireOperator(actor);
  return changeGraph(surroundings, actor, {
    action: "retire",
    subject: name,
    allowBreaking,
    draft: (state) => {
      const subgraph = state.subgraphs.find((candidate) => candidate.name === name);
      if (subgraph === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "subgraph", name });
      claim(actor, subgraph.owner, undefined, { kind: "subgraph", name });
      return { ...state, subgraphs: state.subgraphs.filter((other) => other !== subgraph) };
    },
  });
}

/** Adds a member, or changes one that is there. Its schema is looked at before the change waits for its turn. */
export async function addMember(
  surroundings: ChangeSurroundings,
  db: Queryable,
  actor: Identity,
  registration: MemberRegistration,
): Promise<Changed> {
  const { member, validFrom } = registration;
  const { key } = member;
  mayAnswerFor(actor, member, await ownerOfMember(db, key));
  await checkContract((await readState(db))!, registration, surroundings.signer);
  return changeGraph(surroundings, actor, {
    action: "member",
    subject: key,
    detail: { member, validFrom },
    allowBreaking: false,
    draft: (state, tx) => draftMember(tx, actor, state, registration),
  });
}

/** The graph with a member in place of that of the same key. */
async function draftMember<D extends Pick<GraphState, "members">>(
  db: Queryable,
  actor: Identity,
  graph: D,
  { member, owner, validFrom }: MemberRegistration,
) {
  const { key } = member;
  const theirs = claim(actor, await ownerOfMember(db, key), owner, { kind: "member", name: key });
  const names = new Set([key, ...member.aliases]);
  const rival = graph.members.find(
    (other) => other.key !== key && [other.key, ...other.entry.aliases].some((name) => names.has(name)),
  );
  if (rival !== undefined)
    throw new RegistryError("NAME_TAKEN", {
      kind: "member",
      name: [rival.key, ...rival.entry.aliases].find((name) => names.has(name)),
      owner: rival.owner,
    });
  const before = graph.members.find((other) => other.key === key);
  const isSame =
    before !== undefined &&
    !before.suspended &&
    before.owner === theirs &&
    sameJson(before.entry, member) &&
    (before.validFrom.getTime() === validFrom.getTime() || before.validFrom <= new Date());
  const next = isSame ? before : { entry: member, owner: theirs, validFrom, suspended: false };
  return { ...graph, members: [...graph.members.filter((other) => other.key !== key), next] };
}

/** Takes a member out of the graph, or back in, without forgetting it. */
export function suspendMember(
  surroundings: ChangeSurroundings,
  actor: Identity,
  key: string,
  suspended: boolean,
): Promise<Changed> {
  return changeGraph(surroundings, actor, {
    action: suspended ? "suspend" : "resume",
    subject: key,
    allowBreaking: false,
    draft: (state) => {
      const member = state.members.find((candidate) => candidate.key === key);
      if (member === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "member", name: key });
      claim(actor, member.owner, undefined, { kind: "member", name: key });
      const { entry, owner, validFrom } = member;
      const next = member.suspended === suspended ? member : { entry, owner, validFrom, suspended };
      return { ...state, members: [...state.members.filter((other) => other !== member), next] };
    },
  });
}

export function setVariant(
  surroundings: ChangeSurroundings,
  actor: Identity,
  variant: VariantFilter,
): Promise<Changed> {
  requireOperator(actor);
  return changeVariants(surroundings, actor, "variant", variant.name, { ...variant }, (others) => [
    ...others,
    variant,
  ]);
}

export function dropVariant(
  surroundings: ChangeSurroundings,
  actor: Identity,
  name: string,
): Promise<Changed> {
  requireOperator(actor);
  return changeVariants(surroundings, actor, "drop variant", name, {}, (others, known) => {
    if (!known) throw new RegistryError("NAME_UNKNOWN", { kind: "variant", name });
    return others;
  });
}

/** Makes the graph again what it was: a new composition of the same versions. */
export function rollBack(
  surroundings: ChangeSurroundings,
  actor: Identity,
  composition: number,
): Promise<Changed> {
  requireOperator(actor);
  return changeGraph(surroundings, actor, {
    action: "rollback",
    subject: String(composition),
    // Whoever rolls back has to get away from what is there now.
    allowBreaking: true,
    draft: async (_state, tx) => {
      const state = await readState(tx, composition);
      if (state === undefined)
        throw new RegistryError("NAME_UNKNOWN", { kind: "composition", name: String(composition) });
      return state;
    },
  });
}

/** @throws RegistryError OPERATOR_ONLY */
export function requireOperator({ role }: Identity): void {
  if (role !== "operator") throw new RegistryError("OPERATOR_ONLY", {});
}

function changeVariants(
  surroundings: ChangeSurroundings,
  actor: Identity,
  action: string,
  name: string,
  detail: Change["detail"] & object,
  change: (others: readonly VariantFilter[], known: boolean) => readonly VariantFilter[],
): Promise<Changed> {
  return changeGraph(surroundings, actor, {
    action,
    subject: name,
    detail,
    allowBreaking: false,
    draft: (state) => {
      if (state.composition === undefined)
        throw new RegistryError("NAME_UNKNOWN", { kind: "composition", name: "latest" });
      const others = state.variants.filter((variant) => variant.name !== name);
      const known = others.length < state.variants.length;
      return { ...state, variants: change(others, known).toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
    },
  });
}

/**
 * Whose something is after the change: its owner's, or, when it is new, the actor's.
 * @throws RegistryError NOT_OWNER
 */
function claim(
  actor: Identity,
  known: string | undefined,
  wanted: string | undefined,
  what: { readonly kind: "subgraph" | "member"; readonly name: string },
): string {
  if (actor.role === "operator") return wanted ?? known ?? actor.name;
  const isTheirs = actor.role === "owner" && (known ?? actor.name) === actor.name;
  if (!isTheirs || (wanted !== undefined && wanted !== actor.name))
    throw new RegistryError("NOT_OWNER", { ...what, owner: known });
  return actor.name;
}

/** Keys say whose rows a member answers for: nobody may take another's. */
function mayAnswerFor(actor: Identity, { key, aliases }: Member, known: string | undefined): void {
  if (actor.role === "operator") return;
  const foreign = [key, ...aliases].find((name) => !actor.names.includes(name));
  if (actor.role !== "owner" || foreign !== undefined)
    throw new RegistryError("NOT_OWNER", { kind: "member", name: foreign ?? key, owner: known });
}

/** What a member's schema is held against. */
interface Contracted extends Pick<GraphState, "members"> {
  readonly subgraphs: readonly SubgraphSource[];
}

/** @throws RegistryError when the member does not have the whole schema of a subgraph that it joins */
async function checkContract(
  state: Contracted,
  { member, sdl: given }: Pick<MemberRegistration, "member" | "sdl">,
  signer: Signer | undefined,
): Promise<void> {
  const subgraphs = member.subgraphs.map((service) => {
    const subgraph = state.subgraphs.find(({ name }) => name === service);
    if (subgraph === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "subgraph", name: service });
    const hasMembers = state.members.some(({ entry }) => entry.subgraphs.includes(service));
    if (!hasMembers && !/@partition\s*\(/.test(subgraph.sdl))
      throw new RegistryError("SUBGRAPH_NOT_PARTITIONED", { service });
    return subgraph;
  });
  if (subgraphs.length === 0) return;
  const sdl = given ?? (await sdlOf(state, member, signer));
  for (const subgraph of subgraphs) {
    const faults = missingFrom(subgraph.sdl, sdl);
    if (faults.length > 0)
      throw new RegistryError(
        "MEMBER_CONTRACT_INCOMPLETE",
        {
          kind: "member",
          name: member.key,
          service: subgraph.name,
          reason: `${faults[0]}${faults.length > 1 ? ` (+${faults.length - 1})` : ""}`,
          count: faults.length,
        },
        { faults },
      );
  }
}

async function sdlOf(state: Contracted, member: Member, signer: Signer | undefined): Promise<string> {
  const { key, url, base, path, subgraphs } = member;
  const origin = state.subgraphs.find(({ name }) => name === base)?.url ?? "";
  const at = url ?? (URL.canParse(path ?? "/", origin) ? new URL(path ?? "/", origin).href : undefined);
  const context = openContext(randomUUID(), {});
  const request = { context, service: subgraphs[0] ?? "", member, query: "", variables: {} };
  const headersFor: SdlHeaders = (outgoing) => signer?.headersFor(request, outgoing) ?? {};
  const answer = at === undefined ? { reason: `no URL for base "${base}"` } : await fetchSdl(at, headersFor);
  if ("sdl" in answer) return answer.sdl;
  throw new RegistryError("MEMBER_UNREACHABLE", { kind: "member", name: key, reason: answer.reason });
}

function sameJson(one: object, other: object): boolean {
  return sortedJson(one) === sortedJson(other);
}

function sortedJson(value: object): string {
  return JSON.stringify(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
