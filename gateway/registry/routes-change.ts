/**
 * What changes the graph, its keys, or what is registered with it.
 */
import type { FastifyInstance } from "fastify";
import { type DocumentNode, getOperationAST, GraphQLError, parse, print } from "graphql";
import { admit, read } from "./access.ts";
import {
  addMember,
  draftPublication,
  dropVariant,
  publish,
  retireSubgraph,
  rollBack,
  setVariant,
  suspendMember,
} from "./actions.ts";
import { addAnswerKey, retireAnswerKey } from "./answer-keys.ts";
import {
  answerKeyBody,
  answerKeyQuery,
  checkBody,
  clientParameter,
  grantBody,
  idParameter,
  keyBody,
  memberBody,
  nameParameter,
  operationsBody,
  publishBody,
  retireQuery,
  rollbackBody,
  variantBody,
} from "./bodies.ts";
import { checkAddresses } from "./addresses.ts";
import { composeDraft, hintsOf } from "./change.ts";
import { checkClients, isHarmless } from "./check.ts";
import { RegistryError } from "./errors.ts";
import { addGrant, hintsOfGrant, revokeGrant } from "./grants.ts";
import { issueKey, revokeKey } from "./keys.ts";
import type { RegistryParts } from "./server.ts";
import { addHistory, hashOf, readState } from "./sql.ts";
import { ownerOfClient, registerOperations } from "./usage-sql.ts";

type Named = { Params: { name: string } };

export function registerChangeRoutes(app: FastifyInstance, parts: RegistryParts): void {
  const { database, changes, hosts } = parts;

  app.post("/v1/publish", async (request) => {
    const actor = await admit(parts, request, "owner");
    const { member: joining, ...publication } = read(publishBody, request.body, request);
    const urls = [...publication.subgraphs.map(({ url }) => url), joining?.member.url];
    checkAddresses(hosts, request, urls);
    const member = joining && { ...joining, validFrom: instantOf(joining.validFrom) };
    return publish(changes, database, actor, { ...publication, member });
  });

  app.post("/v1/check", async (request) => {
    const actor = await admit(parts, request, "owner");
    const { subgraphs, owner } = read(checkBody, request.body, request);
    const urls = subgraphs.map(({ url }) => url);
    checkAddresses(hosts, request, urls);
    const state = (await readState(database))!;
    const draft = await draftPublication(database, actor, state, { subgraphs, owner });
    try {
      const composed = await composeDraft(database, changes.composer, state, draft);
      const check = await checkClients(database, changes.composer, changes.usageDays, state, composed);
      const hints = await hintsOf(database, changes.composer, draft, composed);
      return { ok: isHarmless(check), faults: [], hints, ...check };
    } catch (error) {
      // What does not compose is an answer to this question, not a failure of it.
      if (!(error instanceof RegistryError) || error.code !== "COMPOSITION_FAILED") throw error;
      return { ok: false, hints: [], changes: [], broken: [], ...error.extensions };
    }
  });

  app.delete<Named>("/v1/subgraphs/:name", async (request) => {
    const actor = await admit(parts, request, "owner");
    const { allowBreaking } = read(retireQuery, request.query, request);
    return retireSubgraph(changes, actor, read(nameParameter, request.params.name, request), allowBreaking);
  });

  app.post("/v1/members", async (request) => {
    const actor = await admit(parts, request, "owner");
    const { member, validFrom, sdl, owner } = read(memberBody, request.body, request);
    checkAddresses(hosts, request, [member.url]);
    return addMember(changes, database, actor, { member, sdl, owner, validFrom: instantOf(validFrom) });
  });

  for (const action of ["suspend", "resume"] as const)
    app.post<{ Params: { key: string } }>(`/v1/members/:key/${action}`, async (request) => {
      const actor = await admit(parts, request, "owner");
      return suspendMember(changes, actor, request.params.key, action === "suspend");
    });

  app.post("/v1/rollback", async (request) => {
    const actor = await admit(parts, request);
    return rollBack(changes, actor, read(rollbackBody, request.body, request).composition);
  });

  app.put<Named>("/v1/variants/:name", async (request) => {
    const actor = await admit(parts, request);
    const name = read(nameParameter, request.params.name, request);
    return setVariant(changes, actor, { name, ...read(variantBody, request.body, request) });
  });

  app.delete<Named>("/v1/variants/:name", async (request) => {
    const actor = await admit(parts, request);
    return dropVariant(changes, actor, read(nameParameter, request.params.name, request));
  });

  app.post("/v1/keys", async (request, reply) => {
    const actor = await admit(parts, request);
    const body = read(keyBody, request.body, request);
    const issued = await database.transaction(async (tx) => {
      const key = await issueKey(tx, body);
      await addHistory(tx, {
        actor: actor.name,
        action: "issue key",
        subject: body.owner,
        outcome: "DONE",
        composition: null,
        detail: { id: key.id, role: body.role, names: body.names },
      });
      return key;
    });
    return reply.code(201).header("cache-control", "no-store").send(issued);
  });

  app.delete<{ Params: { id: string } }>("/v1/keys/:id", async (request) => {
    const actor = await admit(parts, request);
    return database.transaction(async (tx) => {
      const key = await revokeKey(tx, request.params.id);
      await addHistory(tx, {
        actor: actor.name,
        action: "revoke key",
        subject: key.owner,
        outcome: "DONE",
        composition: null,
        detail: { id: key.id },
      });
      return key;
    });
  });

  app.post("/v1/answer-keys", async (request) => {
    const actor = await admit(parts, request, "owner");
    const { key, ...signer } = read(answerKeyBody, request.body, request);
    return addAnswerKey(changes, actor, signer, key);
  });

  app.delete<{ Params: { kid: string } }>("/v1/answer-keys/:kid", async (request) => {
    const actor = await admit(parts, request, "owner");
    const { last, ...signer } = read(answerKeyQuery, request.query, request);
    return retireAnswerKey(changes, actor, signer, request.params.kid, last);
  });

  app.post("/v1/grants", async (request) => {
    const actor = await admit(parts, request, "owner");
    const grant = read(grantBody, request.body, request);
    const granted = await addGrant(changes, actor, grant);
    const hints = granted.changed ? await hintsOfGrant(changes, grant) : [];
    return { ...granted, ...(hints.length > 0 && { hints }) };
  });

  app.delete<{ Params: { id: string } }>("/v1/grants/:id", async (request) => {
    const actor = await admit(parts, request, "owner");
    return revokeGrant(changes, actor, read(idParameter, request.params.id, request));
  });

  app.put<{ Params: { client: string } }>("/v1/operations/:client", async (request) => {
    const actor = await admit(parts, request, "owner");
    const client = read(clientParameter, request.params.client, request);
    const { operations: given } = read(operationsBody, request.body, request);
    const operations = given.map(({ name, document }) => {
      const parsed = parsedDocument(document);
      const text = print(parsed);
      return {
        name: name ?? getOperationAST(parsed)?.name?.value ?? null,
        document: text,
        hash: hashOf(text),
      };
    });
    await database.transaction(async (tx) => {
      const owner = await ownerOfClient(tx, client);
      if (actor.role !== "operator" && owner !== undefined && owner !== actor.name)
        throw new RegistryError("NOT_OWNER", { kind: "operation", name: client, owner });
      await registerOperations(tx, client, operations, owner ?? actor.name);
      await addHistory(tx, {
        actor: actor.name,
        action: "register operations",
        subject: client,
        outcome: "DONE",
        composition: null,
        detail: { operations: operations.map(({ hash }) => hash) },
      });
    });
    return { client, operations: operations.length };
  });
}

function instantOf(time: string | undefined): Date {
  return time === undefined ? new Date() : new Date(time);
}

function parsedDocument(document: string): DocumentNode {
  try {
    return parse(document, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new RegistryError("INPUT_INVALID", { reason: error.message });
  }
}
