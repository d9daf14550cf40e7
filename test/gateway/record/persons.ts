/**
 * A graph with personal data of every kind, a gateway that records its readings, and what it recorded.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { type RecordKeys, readRecordKeys, verifiersOf } from "../../../gateway/record/keys.ts";
import type { RecordSettings } from "../../../gateway/record/settings.ts";
import { readStatementFile } from "../../../gateway/record/statements.ts";
import { keptIn } from "../../../gateway/record/audit.ts";
import { type Verification, verifyRecord } from "../../../gateway/record/verify.ts";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../../../gateway/trust/development.ts";
import type { Purposes } from "../../../gateway/trust/purposes.ts";
import { type Database, openDatabase } from "../../../process/database.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@requiresScopes", "@shareable"])
  @link(url: "https://example.com/personalData/v1.0", import: ["@personalData"])
  @composeDirective(name: "@personalData")
directive @personalData(subject: String!) on OBJECT | FIELD_DEFINITION`;

const PEOPLE = `${HEAD}
  type Query { person(id: ID!): Person people: [Person!]! open: String things: [Thing!]! }
  type Mutation { rename(id: ID!, name: String!): Person }
  type Subscription { moved: Person }
  interface Named { name: String @personalData(subject: "number") }
  union Thing = Person | Shop
  type Person implements Named @key(fields: "id") {
    id: ID!
    number: String @personalData(subject: "number")
    name: String
    mail: String @personalData(subject: "number") @requiresScopes(scopes: [["mail"]])
    town: Town
    friends: [Person!]!
    nickname: String
  }
  type Town { name: String! }
  type Shop { title: String }`;

const ORDERS = `${HEAD}
  type Query { order(id: ID!): Order }
  type Person @key(fields: "id") { id: ID! debts: [Debt!]! @personalData(subject: "id") }
  type Debt { amount: Int }
  type Order @key(fields: "id") @personalData(subject: "buyer.id code") { id: ID! total: Int! buyer: Person! code: ID }`;

const PERSONS = [
  { id: "1", number: "001088000001", name: "An", mail: "an@example.com", nickname: "A" },
  { id: "2", number: "001088000002", name: "Bình", mail: "binh@example.com", nickname: "B" },
  { id: "3", number: null, name: "Chi", mail: "chi@example.com", nickname: "C" },
];

interface Source {
  readonly id: string;
}

const friendsOf = ({ id }: Source) => PERSONS.filter((person) => person.id !== id);
const Person = {
  __resolveReference: ({ id }: Source) => PERSONS.find((person) => person.id === id),
  friends: friendsOf,
  town: () => ({ name: "Huế" }),
};

/** An entry as it is read. */
export interface Entry {
  readonly request: string;
  readonly caller: { readonly subject: string; readonly roles: string[]; readonly client: string } | null;
  readonly purpose: string | null;
  readonly operation: { readonly name: string | null; readonly kind: string; readonly hash: string };
  readonly reads: { readonly fields: string[]; readonly subjects: string[] }[];
  readonly answers: { readonly service: string; readonly digest: string }[];
  readonly refused: string[];
  readonly code?: string;
}

export interface Recorded {
  readonly gateway: RunningGateway;
  readonly database: Database;
  readonly databaseUrl: string;
  /** The record file. */
  readonly file: string;
  readonly servers: readonly TestServer[];
  keys(): Promise<RecordKeys>;
  /** Headers of somebody with a role. */
  as(role: string, subject?: string): Promise<Record<string, string>>;
  /** What was recorded since it was last asked. */
  entries(): Promise<Entry[]>;
  verify(): Promise<Verification>;
  close(): Promise<void>;
}

/** @param purposes that the trust file lists */
export async function startRecorded(
  settings: Partial<RecordSettings> = {},
  purposes: Purposes = {},
): Promise<Recorded> {
  const directory = await mkdtemp(join(tmpdir(), "recorded-"));
  const people = await startSubgraph(PEOPLE, {
    Query: {
      person: (_root: unknown, { id }: Source) => PERSONS.find((person) => person.id === id),
      people: () => PERSONS,
      open: () => "open",
      things: () => [PERSONS[0], { title: "Shop" }],
    },
    Mutation: {
      rename: (_root: unknown, { id, name }: Source & { name: string }) => ({ ...PERSONS[0], id, name }),
    },
    Thing: { __resolveType: (thing: object) => ("title" in thing ? "Shop" : "Person") },
    Person,
  });
  const orders = await startSubgraph(ORDERS, {
    Query: {
      order: (_root: unknown, { id }: Source) => ({
        id,
        total: 5,
        buyer: { id: "2" },
        code: id === "8" ? "c-8" : null,
      }),
    },
    Order: {
      __resolveReference: ({ id }: Source) => ({
        id,
        total: 5,
        buyer: { id: "2" },
        code: id === "8" ? "c-8" : null,
      }),
    },
    Person: { __resolveReference: (person: object) => person, debts: () => [{ amount: 12_345 }] },
  });
  const services = [
    { name: "people", url: people.url, typeDefs: parse(PEOPLE) },
    { name: "orders", url: orders.url, typeDefs: parse(ORDERS) },
  ];
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(`does not compose: ${errors?.join("; ")}`);

  const databaseUrl = freshDatabaseUrl();
  const file = join(directory, "record.json");
  const checkpointFile = join(directory, "checkpoints.jsonl");
  const record = { database: databaseUrl, keyFile: "record.key", checkpointFile, ...settings };
  await writeFile(file, JSON.stringify(record));
  const keyFile = join(directory, "development.key");
  await ensureDevelopmentKey(keyFile);
  const key = await readDevelopmentKey(keyFile);
  const trust = join(directory, "trust.json");
  await writeFile(
    trust,
    JSON.stringify({ development: { keyFile }, roles: { clerk: [], postman: ["mail"] }, purposes }),
  );
  const gateway = await startGateway(supergraphSdl, [], { trust, record: file });
  const database = openDatabase(databaseUrl, 2);
  let read = 0;
  return {
    gateway,
    database,
    databaseUrl,
    file,
    servers: [people, orders],
    keys: () => readRecordKeys(join(directory, "record.key")),
    async as(role, subject = "c-1") {
      const token = await issueToken(key, { subject, role, lifetime: 60 });
      return { authorization: `Bearer ${token}` };
    },
    async entries() {
      const rows = await database.query<{ seq: number; body: string }>(
        "select seq, body from entry where seq > $1 order by seq",
        [read],
      );
      read = rows.at(-1)?.seq ?? read;
      return rows.map(({ body }) => JSON.parse(body) as Entry);
    },
    async verify() {
      const { publicKey } = await readRecordKeys(join(directory, "record.key"));
      const elsewhere = await readStatementFile(checkpointFile);
      return database.transaction(async (tx) =>
        verifyRecord(await keptIn(tx, elsewhere), verifiersOf([publicKey])),
      );
    },
    async close() {
      await gateway.close();
      await Promise.all([people.close(), orders.close()]);
      await database.close();
      await dropDatabase(databaseUrl);
      await rm(directory, { recursive: true });
    },
  };
}
