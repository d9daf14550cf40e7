/**
 * The gateway that a subgraph under test answers: what it signs, and what somebody else would send in its place.
 */
import type { Outgoing } from "../gateway/transport/headers.ts";
import type { Caller } from "../gateway/trust/caller.ts";
import { signedHeaders, signingBy } from "../gateway/trust/signer.ts";
import { newSigningKey, readSigningKeys, type SigningKeys } from "../gateway/trust/signing-keys.ts";

/** How a request is signed otherwise than the gateway would. */
export interface Otherwise {
  readonly audience?: string;
  /** Who asks. */
  readonly subject?: string;
  /** Seconds since 1970. */
  readonly now?: number;
}

export interface SigningGateway {
  readonly headers: (outgoing: Outgoing, otherwise?: Otherwise) => Record<string, string>;
  /** Somebody who has no key of the gateway's, and takes its key's name. */
  readonly stranger: Pick<SigningGateway, "headers">;
}

/**
 * @param keyFile private keys, of which the subgraph has the public halves
 * @param agency canonical code
 * @throws StartError when the file holds no such keys
 */
export async function openGateway(keyFile: string, agency: string): Promise<SigningGateway> {
  const keys = await readSigningKeys(keyFile);
  const own = signerBy(keys, agency);
  const stranger = signerBy([{ ...(await newSigningKey()), kid: keys[0].kid }], agency);
  return { headers: own, stranger: { headers: stranger } };
}

function signerBy(keys: SigningKeys, agency: string): SigningGateway["headers"] {
  const usual = signingBy("conformance", keys);
  const caller: Caller = {
    isAuthenticated: true,
    subject: "conformance",
    client: "conformance",
    organisation: agency,
    // Who may do all that the contract has.
    roles: new Set(["center-officer", "agency-officer"]),
    scopes: new Set(["dossier:read", "dossier:write", "case:write", "person:read"]),
    policies: new Set(),
  };
  return (outgoing, otherwise = {}) => {
    const { audience = `agencies/${agency}`, now = Math.floor(Date.now() / 1000), subject } = otherwise;
    // A signer keeps its tokens: one of another time must not come back later.
    const signing = otherwise.now === undefined ? usual : signingBy("conformance", keys);
    const asking = subject === undefined ? caller : { ...caller, subject };
    return signedHeaders(signing, { caller: asking, purpose: undefined, audience }, outgoing, now);
  };
}
