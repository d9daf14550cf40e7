/**
 * A root field of a query that several members answer: those that its argument lists, or all where it is left out.
 */
import type { FieldPartition, ListMerge } from "../partition-fields.ts";
import { clientErrors } from "./failures.ts";
import { argumentValue, type CollectedField, type SubgraphOperation } from "./operation.ts";
import { type Partition, unknownMember } from "./owner.ts";
import { askPages } from "./partition-page.ts";
import { allServers, type Server, serversNamed } from "./servers.ts";
import { privatePrefix, type SeveralDocument, severalDocument } from "./several-document.ts";
import type { SubgraphError, SubgraphRequest, SubgraphResponse, Transport } from "./transport.ts";

/** What is asked of several members, and how one of them is asked. */
export interface SeveralQuestion {
  readonly partition: Partition;
  readonly request: SubgraphRequest;
  readonly operation: SubgraphOperation;
  readonly field: CollectedField;
  readonly rule: FieldPartition;
  /** With the defaults of the operation. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly servers: readonly Server[];
  readonly prefix: string;
  ask(
    server: Server,
    document: SeveralDocument,
    values?: Readonly<Record<string, unknown>>,
  ): Promise<Answered>;
}

export interface Answered {
  /** As it was sent. */
  readonly part: SubgraphRequest;
  readonly response: SubgraphResponse;
}

/** One root field's part of an answer. */
export interface SeveralAnswer {
  readonly value: unknown;
  readonly plain: boolean;
  readonly errors: readonly SubgraphError[];
}

export async function askSeveral(
  ask: Transport,
  partition: Partition,
  request: SubgraphRequest,
  operation: SubgraphOperation,
  field: CollectedField,
  rule: FieldPartition,
): Promise<SeveralAnswer> {
  const variables = { ...operation.defaults, ...request.variables };
  const { nodes, responseKey } = field;
  const given = nodes[0] && (argumentValue({ node: nodes[0] }, rule.argument, variables) ?? rule.fallback);
  const keys: readonly unknown[] | undefined =
    given === null || given === undefined ? undefined : Array.isArray(given) ? given : [given];
  const { servers, strangers } =
    keys === undefined ? { servers: allServers(partition), strangers: [] } : serversNamed(partition, keys);
  const prefix = privatePrefix(request.query);
  const question: SeveralQuestion = {
    partition,
    request,
    operation,
    field,
    rule,
    variables,
    servers,
    prefix,
    async ask({ url, member, places }, document, values = {}) {
      const own = { [prefix + rule.argument]: places?.map((place) => keys?.[place]) };
      const sent = { ...document.variables, ...own, ...prefixed(prefix, values) };
      const part: SubgraphRequest = { ...request, query: document.query, url, member, variables: sent };
      return { part, response: await ask(part) };
    },
  };
  // A member without a part in this subgraph has nothing to add.
  const unknown = strangers
    .filter(({ kind }) => kind === "unknown")
    .map(({ key }) => unknownMember(partition, request, key, [responseKey]));
  const answer =
    rule.merge?.kind === "page"
      ? await askPages(question, rule.merge)
      : await askLists(question, rule.merge as ListMerge);
  const isNobodys = servers.length === 0 && unknown.length > 0;
  return { ...answer, value: isNobodys ? null : answer.value, errors: [...unknown, ...answer.errors] };
}

/** Asks all at once; their lists stand one after another, in the members' order. */
async function askLists(question: SeveralQuestion, { keysType }: ListMerge): Promise<SeveralAnswer> {
  const { operation, request, field, rule, servers, prefix } = question;
  const { responseKey } = field;
  const privates = [{ name: rule.argument, type: keysType }];
  const document = severalDocument(operation, request.variables, field, privates, prefix);
  const answers = await Promise.all(servers.map((server) => question.ask(server, document)));
  const whole: unknown[] = [];
  const errors: SubgraphError[] = [];
  let plain = true;
  let failed = 0;
  for (const { part, response } of answers) {
    const list = response.data?.[responseKey];
    const before = whole.length;
    const own = clientErrors(part, response, (path) => moveBehind(before, path), [responseKey]);
    errors.push(...own);
    if (Array.isArray(list)) {
      for (const item of list) whole.push(item);
      if (response.plain !== true) plain = false;
    } else if (own.length > 0) failed += 1;
  }
  const value = failed > 0 && failed === servers.length ? null : whole;
  return { value, plain, errors };
}

/** A path in one member's answer, in the whole. */
function moveBehind(before: number, path: SubgraphError["path"]): SubgraphError["path"] {
  const [root, place, ...rest] = path ?? [];
  if (root === undefined) return undefined;
  return typeof place === "number" ? [root, before + place, ...rest] : [root];
}

function prefixed(prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
