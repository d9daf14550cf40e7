/**
 * What the tests of the transport have in common: requests, and a directory of members.
 */
import { openContext, type RequestContext } from "../../../gateway/context.ts";
import { readMembers, type MemberDirectory } from "../../../gateway/members.ts";
import type { SubgraphRequest } from "../../../gateway/transport/transport.ts";

export function newContext(headers: Record<string, string> = {}): RequestContext {
  return openContext("test", headers);
}

export function request(fields: Partial<SubgraphRequest> & { query: string }): SubgraphRequest {
  return { service: "stock", variables: {}, context: newContext(), ...fields };
}

export function directoryOf(members: readonly object[]): MemberDirectory {
  return readMembers(JSON.stringify({ members }), "members.json");
}
