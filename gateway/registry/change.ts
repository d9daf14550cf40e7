/**
 * How the graph changes: one change after another, each in one transaction, whole or not at all.
 *
 *   lock → state → draft → unchanged? → compose → members whole → clients unharmed → versions, composition, history
 *
 * A refusal changes nothing but the history, which tells that it was tried.
 */
import type { Database, Queryable } from "../../process/database.ts";
import { StartError } from "../../process/lifecycle.ts";
import { locateMembers, readMembers } from "../members.ts";
import type { Signer } from "../trust/signer.ts";
import { checkClients, isHarmless } from "./check.ts";
import type { CompositionFault, SubgraphSource } from "./compose.ts";
import type { Composer } from "./composer.ts";
import type { VariantFilter } from "./contracts.ts";
import { describeFault } from "./describe-fault.ts";
import { RegistryError } from "./errors.ts";
import { grantsNow } from "./grants.ts";
import type { Identity } from "./keys.ts";
import { REMEDIES } from "./remedies.ts";
import {
  addComposition,
  addHistory,
  addMember,
  addSubgraph,
  keepSdl,
  lockChanges,
  type NewMember,
  readSdl,
  readState,
} from "./sql.ts";
import {
  EMPTY_STATE,
  type GraphState,
  type MemberVersion,
  type SubgraphVersion,
  type VariantVersion,
} from "./state.ts";

/** A subgraph that is published for the first time, or anew. */
export type NewSubgraph = SubgraphSource & { readonly owner: string };

/** The graph as it shall be: versions that are there stay as they are, new ones are added. */
export interface Draft {
  readonly subgraphs: readonly (SubgraphVersion | NewSubgraph)[];
  readonly members: readonly (MemberVersion | NewMember)[];
  readonly variants: readonly VariantFilter[];
}

export interface Change {
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Whether clients may be harmed. */
  readonly allowBreaking: boolean;
  /** @throws RegistryError when it may not be, or cannot be */
  readonly draft: (state: GraphState, tx: Queryable) => Draft | Promise<Draft>;
}

export interface Changed {
  readonly composition: number;
  /** False when the graph was like that already. */
  readonly changed: boolean;
  /** What is to be known of it all the same; left out where that is nothing. */
  readonly hints?: readonly string[];
}

export interface ChangeSurroundings {
  /** Its transactions wait for each other: changes of this process do not hold a connection each. */
  readonly database: Database;
  readonly composer: Composer;
  /** Days within which an operation counts as used. */
  readonly usageDays: number;
  /** What members are asked with that answer their gateway only. */
  readonly signer: Signer | undefined;
}

type Outcome = Changed | { readonly refusal: RegistryError };

/** @throws RegistryError when the change is refused */
export async function changeGraph(
  { database, composer, usageDays }: ChangeSurroundings,
  actor: Identity,
  change: Change,
): Promise<Changed> {
  const outcome = await database.transaction(async (tx): Promise<Outcome> => {
    await lockChanges(tx);
    const state = (await readState(tx)) ?? EMPTY_STATE;
    const draft = await change.draft(state, tx);
    if (state.composition !== undefined && !differs(state, draft))
      return { composition: state.composition.id, changed: false };
    try {
      // Where only members change, nothing is composed, and clients see what they saw.
      const composed = sameSchema(state, draft) ? undefined : await composeDraft(tx, composer, state, draft);
      checkMembers(draft);
      if (composed !== undefined && !change.allowBreaking) {
        const check = await checkClients(tx, composer, usageDays, state, composed);
        if (!isHarmless(check)) throw breaking(check);
      }
      const texts =
        composed === undefined
          ? { supergraph: state.supergraph, variants: state.variants }
          : await keepTexts(tx, draft, composed);
      const composition = await keep(tx, actor, draft, texts);
      await addHistory(tx, { ...entryOf(actor, change), outcome: "DONE", composition });
      const hints = composed === undefined ? [] : await hintsOf(tx, composer, draft, composed);
      return { composition, changed: true, ...(hints.length > 0 && { hints }) };
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      const detail = { ...change.detail, code: error.code, message: error.message, ...error.extensions };
      await addHistory(tx, { ...entryOf(actor, change), outcome: "REFUSED", composition: null, detail });
      return { refusal: error };
    }
  });
  if ("refusal" in outcome) throw outcome.refusal;
  return outcome;
}

/** What whoever publishes it should know of a graph that can be served. */
export async function hintsOf(
  tx: Queryable,
  composer: Composer,
  { subgraphs, members }: Draft,
  { supergraph }: ComposedDraft,
): Promise<readonly string[]> {
  const keys = members.map(({ entry }) => entry);
  return composer.run({ kind: "hints", supergraph, grants: await grantsNow(tx, subgraphs, keys) });
}

/** The supergraph of a draft, and of its variants by name. */
export interface ComposedDraft {
  readonly supergraph: string;
  readonly variants: ReadonlyMap<string, string>;
}

/** @throws RegistryError COMPOSITION_FAILED */
export async function composeDraft(
  tx: Queryable,
  composer: Composer,
  state: GraphState,
  draft: Draft,
): Promise<ComposedDraft> {
  if (state.supergraph !== undefined && sameSchema(state, draft)) {
    const variants = await Promise.all(
      state.variants.map(async ({ name, sdl }) => [name, await readSdl(tx, sdl)] as const),
    );
    return { supergraph: await readSdl(tx, state.supergraph), variants: new Map(variants) };
  }
  const sources = draft.subgraphs.map(({ name, url, file, sdl }) => ({ name, url, file, sdl }));
  const { supergraph, variants, faults } = {
    variants: new Map<string, string>(),
    ...(await composer.run({ kind: "compose", sources, variants: draft.variants })),
  };
  if (faults !== undefined) {
    const published = new Set(draft.subgraphs.filter((each) => !("id" in each)).map(({ name }) => name));
    throw compositionFailed(faults.map((fault) => ownPlaceFirst(fault, published)));
  }
  return { supergraph, variants };
}

function differs(state: GraphState, draft: Draft): boolean {
  return (
    draft.members.length !== state.members.length ||
    draft.members.some((member) => !("id" in member)) ||
    !sameSchema(state, draft) ||
    draft.subgraphs.some((subgraph) => !("id" in subgraph))
  );
}

/** Whether composition would come out the same. */
function sameSchema(state: GraphState, draft: Draft): boolean {
  return state.supergraph !== undefined && schemaOf(state) === schemaOf(draft);
}

function schemaOf({ subgraphs, variants }: Pick<Draft, "subgraphs" | "variants">): string {
  const sources = subgraphs.map(({ name, url, sdl }) => ({ name, url, sdl })).toSorted(byName);
  const filters = variants.map(({ name, include, exclude, hideUnreachable }) => [
    name,
    include,
    exclude,
    hideUnreachable,
  ]);
  return JSON.stringify([sources, filters]);
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}

/** As a gateway reads them: unique names, subgraphs that exist. */
function checkMembers({ subgraphs, members }: Draft): void {
  const entries = members.filter(({ suspended }) => !suspended).map(({ entry }) => entry);
  try {
    const directory = readMembers(JSON.stringify({ members: entries }), "members");
    locateMembers(directory, new Map(subgraphs.map(({ name, url }) => [name, url])));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const [what = ""] = error.message.replace(/^members( file)?: /, "").split("\n  Mend");
    // Whoever publishes knows members by their keys, and not by their place in a file.
    const message = what.replaceAll(/members\[(\d+)\]/g, (_place, index: string) => {
      return `member ${entries[Number(index)]?.key ?? index}`;
    });
    throw compositionFailed([
      { code: "MEMBERS_INVALID", message, places: [], remedy: REMEDIES["MEMBERS_INVALID"]! },
    ]);
  }
}

async function keepTexts(
  tx: Queryable,
  draft: Draft,
  { supergraph, variants }: ComposedDraft,
): Promise<Pick<GraphState, "supergraph" | "variants">> {
  const versions: VariantVersion[] = [];
  for (const { name, include, exclude, hideUnreachable } of draft.variants) {
    const sdl = await keepSdl(tx, variants.get(name) ?? supergraph);
    versions.push({ name, include, exclude, hideUnreachable, sdl });
  }
  return { supergraph: await keepSdl(tx, supergraph), variants: versions };
}

async function keep(
  tx: Queryable,
  actor: Identity,
  draft: Draft,
  texts: Pick<GraphState, "supergraph" | "variants">,
): Promise<number> {
  const by = actor.name;
  const subgraphs: SubgraphVersion[] = [];
  for (const subgraph of draft.subgraphs)
    subgraphs.push("id" in subgraph ? subgraph : await addSubgraph(tx, { ...subgraph, by }));
  const members: MemberVersion[] = [];
  for (const member of draft.members) members.push("id" in member ? member : await addMember(tx, member, by));
  return addComposition(tx, { subgraphs, members, ...texts });
}

function entryOf(actor: Identity, { action, subject, detail = {} }: Change) {
  return { actor: actor.name, action, subject, detail };
}

/** Whoever publishes looks into the file that is published. */
function ownPlaceFirst(fault: CompositionFault, published: ReadonlySet<string>): CompositionFault {
  const isOwn = ({ subgraph }: CompositionFault["places"][number]) => published.has(subgraph);
  const places = [...fault.places.filter(isOwn), ...fault.places.filter((place) => !isOwn(place))];
  const [first] = places;
  return { ...fault, places, ...(first !== undefined && { subgraph: first.subgraph }) };
}

function compositionFailed(faults: readonly CompositionFault[]): RegistryError {
  const [first] = faults;
  const reason = `${first === undefined ? "" : describeFault(first)}${faults.length > 1 ? ` (+${faults.length - 1})` : ""}`;
  return new RegistryError("COMPOSITION_FAILED", { reason, count: faults.length }, { faults });
}

function breaking(check: Awaited<ReturnType<typeof checkClients>>): RegistryError {
  const clients = [
    ...new Set(check.broken.flatMap((operation) => operation.clients.map(({ client }) => client))),
  ];
  const [first] = check.broken;
  const reason = `${clients.join(", ")}: ${first?.reasons[0] ?? ""}`;
  return new RegistryError("BREAKING_CHANGE", { reason, count: check.broken.length }, { check });
}
