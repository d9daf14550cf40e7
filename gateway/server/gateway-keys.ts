/**
 * The public halves of the gateway's signing keys, for subgraphs that fetch them.
 */
import type { FastifyInstance } from "fastify";
import type { Signer } from "../trust/signer.ts";

/** A JSON Web Key Set (RFC 7517). */
export const GATEWAY_KEYS_PATH = "/.well-known/gateway-keys.json";

export function registerGatewayKeys(app: FastifyInstance, signer: Signer): void {
  app.get(GATEWAY_KEYS_PATH, (_request, reply) =>
    reply
      .type("application/jwk-set+json")
      .header("cache-control", "public, max-age=60")
      .send(signer.publicKeys()),
  );
}
