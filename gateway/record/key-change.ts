/**
 * A new signing key takes the place of another: a statement signed by both, so that whoever trusts one of them may trust
 * the other. From a second statement on, by the new key, the old one counts no more.
 */
import { canonical } from "./canonical.ts";
import { isSigned, type Signer, thumbprint, type Verifiers, verifiersOf } from "./keys.ts";
import type { Statement } from "./sql.ts";
import { readStatement, type StatementBody } from "./statements.ts";

type KeyChange = StatementBody & { kind: "key" };

/** @param at the last entry, and its hash (base64url) */
export function signKeyChange(
  from: Signer,
  to: Signer,
  at: { readonly seq: number; readonly hash: string },
): Statement {
  const said = {
    kind: "key",
    ...at,
    previous: from.publicKey,
    next: to.publicKey,
    at: new Date().toISOString(),
    key: from.keyId,
  };
  const body = canonical({ ...said, proof: to.sign(canonical(said)).toString("base64url") });
  return { body, signature: from.sign(body) };
}

/** The keys, and those that they and changes lead to, forwards and backwards. */
export function trustChanges(statements: readonly Statement[], keys: Verifiers): Verifiers {
  const changes = statements.flatMap((statement) => readKeyChange(statement) ?? []);
  const trusted = new Map(keys);
  for (let before = -1; before !== trusted.size; ) {
    before = trusted.size;
    for (const { previous, next } of changes) {
      const both = verifiersOf([previous, next]);
      if ([...both.keys()].some((id) => trusted.has(id))) for (const [id, key] of both) trusted.set(id, key);
    }
  }
  return trusted;
}

/** Undefined where it is no change of keys that both have signed. */
export function readKeyChange(statement: Statement): KeyChange | undefined {
  const body = readStatement(statement);
  if (body?.kind !== "key" || thumbprint(body.previous) !== body.key) return undefined;
  const { proof, ...said } = body;
  const both = verifiersOf([body.previous, body.next]);
  const isByOld = isSigned(both, body.key, statement.body, statement.signature);
  const isByNew = isSigned(both, thumbprint(body.next), canonical(said), Buffer.from(proof, "base64url"));
  return isByOld && isByNew ? body : undefined;
}
