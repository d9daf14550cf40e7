/**
 * Who is answered: the gateway alone, or whoever reaches the server. It stands before everything that a request at the
 * graph's path can do; health and metrics stay open.
 */
import { createHash } from "node:crypto";
import { pipeline, type Readable, Transform } from "node:stream";
import type { FastifyRequest } from "fastify";
import { hasSha256 } from "../../process/content-digest.ts";
import { fieldValue } from "../../process/http-components.ts";
import type { Logger } from "../../process/log.ts";
import { AgencyError } from "./errors.ts";
import { openGatewayKeys } from "./gateway-keys.ts";
import { createVerifier } from "./gateway-requests.ts";
import { EVERYTHING, type Identity } from "./identity.ts";
import { certificateFault, type TlsSettings } from "./tls.ts";

export type Access =
  /** Whoever reaches the server, and every row is shown. */
  | { readonly authorization: false; readonly tls?: TlsSettings }
  | {
      /** File or URL of the gateway's public keys. */
      readonly gatewayKeys: string;
      /** The subgraph's name in the graph. */
      readonly service: string;
      /** File of the key that its answers are signed with; they are not where there is none. */
      readonly answerKeyFile?: string | undefined;
      readonly tls?: TlsSettings;
    };

export interface Door {
  /** @throws AgencyError when the request is not answered. Its reason is logged, and not told. */
  enter(request: FastifyRequest): Promise<Identity>;
  /** The body of a request that has entered, which fails when it is not what was signed. */
  body(request: FastifyRequest, payload: Readable): Readable;
}

/** A member of a partitioned service, at the path that a request asks. */
export type IsMember = (key: string, request: FastifyRequest) => boolean;

const OPEN: Door = { enter: async () => EVERYTHING, body: (_request, payload) => payload };

/** @throws StartError when the file of keys is missing or faulty. */
export async function openDoor(access: Access, isMember: IsMember, log: Logger): Promise<Door> {
  const door = await openSignedDoor(access, isMember, log);
  return access.tls?.tlsClientCaFile === undefined ? door : { ...door, enter: afterCertificate(door) };
}

function afterCertificate(door: Door): Door["enter"] {
  return async (request) => {
    const reason = certificateFault(request);
    if (reason === undefined) return door.enter(request);
    request.log.warn({ reason, address: request.ip }, "refused: not the gateway's request");
    throw new AgencyError("NOT_FROM_GATEWAY", {});
  };
}

async function openSignedDoor(access: Access, isMember: IsMember, log: Logger): Promise<Door> {
  if ("authorization" in access) return OPEN;
  const { gatewayKeys, service } = access;
  const verifier = createVerifier(await openGatewayKeys(gatewayKeys, log));
  return {
    async enter(request) {
      const { method, url: target = "" } = request.raw;
      const isAudience = (audience: string): boolean => {
        const slash = audience.indexOf("/");
        return slash === -1 ? audience === service : isMember(audience.slice(slash + 1), request);
      };
      const { headers } = request;
      const verdict = await verifier.verify({ method: method ?? "", target, headers }, isAudience);
      if (verdict.identity !== undefined) return verdict.identity;
      request.log.warn({ reason: verdict.fault, address: request.ip }, "refused: not the gateway's request");
      throw new AgencyError(verdict.away === true ? "GATEWAY_KEYS_UNREACHABLE" : "NOT_FROM_GATEWAY", {});
    },
    body(request, payload) {
      const signed = fieldValue(request.headers, "content-digest") ?? "";
      return digested(payload, signed, () => {
        const reason = "the body is not the one that was signed";
        request.log.warn({ reason, address: request.ip }, "refused: not the gateway's request");
      });
    },
  };
}

/** The same bytes, failing at their end where they are not those of the digest. */
function digested(payload: Readable, signed: string, onOther: () => void): Readable {
  const hash = createHash("sha256");
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      if (hasSha256(signed, hash.digest("base64"))) return done();
      onOther();
      return done(new AgencyError("NOT_FROM_GATEWAY", {}));
    },
  });
  // A client that leaves ends what comes of it, too; Fastify hears of it there.
  pipeline(payload, checked, () => undefined);
  return checked;
}
