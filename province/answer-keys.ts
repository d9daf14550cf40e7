/**
 * The keys that the province's subgraphs sign their answers with: one for each program, made at the first start.
 */
import type { AnswerKey, AnswerKeys } from "../gateway/answer-keys.ts";
import type { RegistryClient } from "../gateway/registry/client.ts";
import { createSigningKeyFile, readPublicKey } from "../process/signing-key.ts";
import { MEMBERS } from "./members.ts";
import { answerKeyFile, SERVERS } from "./programs.ts";

/**
 * Makes the keys that are not there yet.
 * @param pattern path of their files, `{server}` standing for the program
 * @returns the public halves: of each program's subgraph, and its members
 */
export async function prepareAnswerKeys(pattern: string): Promise<AnswerKeys> {
  const keys = new Map<string, AnswerKey[]>(
    await Promise.all(
      SERVERS.map(async (server): Promise<[string, AnswerKey[]]> => {
        const file = answerKeyFile(pattern, server);
        return [server, [await readPublicKey(file).catch(() => createSigningKeyFile(file))]];
      }),
    ),
  );
  const members = MEMBERS.flatMap(({ key, base, subgraphs }) => {
    const signing = subgraphs.length > 0 ? keys.get(base) : undefined;
    return signing === undefined ? [] : [[key, signing] as const];
  });
  return { subgraphs: Object.fromEntries(keys), members: Object.fromEntries(members) };
}

/** Registers those that never were; what was retired stays so. */
export async function registerAnswerKeys(operator: RegistryClient, keys: AnswerKeys): Promise<void> {
  const known = new Set(
    (await operator.answerKeys()).map(({ kind, name, key }) => `${kind} ${name} ${key.kid}`),
  );
  for (const [kind, signers] of [
    ["subgraph", keys.subgraphs],
    ["member", keys.members],
  ] as const)
    for (const [name, list] of Object.entries(signers))
      for (const key of list)
        if (!known.has(`${kind} ${name} ${key.kid}`)) await operator.addAnswerKey({ kind, name, key });
}
