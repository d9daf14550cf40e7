/**
 * Roles to try in the sandbox: tokens of the development issuer, for a browser on the gateway's own machine. There are none
 * where a real issuer is configured (trust/settings.ts).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { errorMessage, GATEWAY_ERRORS } from "../errors.ts";
import { preferredLanguage } from "../language.ts";
import { issueToken, readDevelopmentKey } from "../trust/development.ts";

export interface RoleOptions {
  /** Of the development issuer. */
  readonly keyFile: string;
  readonly names: readonly string[];
  /** Whom a reader begins as; nobody known where it is undefined. */
  readonly first?: string | undefined;
}

const NONE = { names: [], first: null };
/** Seconds. The page asks for another when this one is over. */
const LIFETIME = 900;
const LOOPBACK_ADDRESSES: ReadonlySet<string | undefined> = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Adds `/sandbox/roles.json`, names and the first of them, and `/sandbox/token`; without options there are no names. */
export async function registerRoles(app: FastifyInstance, options: RoleOptions | undefined): Promise<void> {
  const told = options === undefined ? NONE : { names: options.names, first: options.first ?? null };
  app.get("/sandbox/roles.json", (request, reply) =>
    reply.header("cache-control", "no-store").send(isOfThisMachine(request) ? told : NONE),
  );
  if (options === undefined) return;
  const key = await readDevelopmentKey(options.keyFile);
  const wish = z.object({
    role: z.enum(options.names),
    organisation: z.string().min(1).max(64).optional(),
    subject: z.string().min(1).max(64).default("sandbox"),
  });
  app.post("/sandbox/token", async (request, reply) => {
    const asked = wish.safeParse(request.body);
    if (!isOfThisMachine(request) || !asked.success) {
      const language = preferredLanguage(request.headers["accept-language"]);
      const code = asked.success ? "NOT_FOUND" : "BODY_MALFORMED";
      const message = errorMessage(code, {}, language);
      return reply.code(GATEWAY_ERRORS[code].status).send({ errors: [{ message, extensions: { code } }] });
    }
    const token = await issueToken(key, { lifetime: LIFETIME, ...asked.data });
    return reply.header("cache-control", "no-store").send({ token, lifetime: LIFETIME });
  });
}

/** By address and by name: a page of elsewhere may have its own name lead to this machine. */
function isOfThisMachine({ socket, headers }: FastifyRequest): boolean {
  const name = URL.parse(`http://${headers.host}`)?.hostname ?? "";
  return LOOPBACK_ADDRESSES.has(socket.remoteAddress) && LOOPBACK_NAMES.has(name);
}
