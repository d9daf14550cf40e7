/**
 * Tokens for the role that the reader has chosen: kept as long as they count, and as long as the page is open.
 */
export interface Choice {
  /** Empty for nobody known. */
  readonly role: string;
  /** Empty for none. */
  readonly organisation: string;
  /** Empty for whoever the gateway takes instead. */
  readonly subject: string;
}

interface RolesTold {
  readonly names: readonly string[];
  /** Null for nobody known. */
  readonly first: string | null;
}

const NOBODY: Choice = { role: "", organisation: "", subject: "" };
const STORED = "lienthong:role";
/** Milliseconds before its end at which a token is no longer used. */
const MARGIN = 30_000;

let current = NOBODY;
let own = "";
let kept: { readonly choice: Choice; readonly header: string; readonly until: number } | undefined;

/** Whoever has chosen nothing yet begins with the role that the gateway says. */
export async function fetchRoles(): Promise<readonly string[]> {
  const response = await fetch("/sandbox/roles.json", { headers: { accept: "application/json" } });
  if (!response.ok) return [];
  const { names, first } = (await response.json()) as RolesTold;
  if (first !== null) current = { ...NOBODY, role: first };
  return names;
}

/** The last choice, where it can still be made. */
export function chosen(roles: readonly string[]): Choice {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? "null") as Choice | null;
    if (stored !== null && (stored.role === "" || roles.includes(stored.role)))
      current = { ...NOBODY, ...stored };
  } catch {
    // Somebody else's entry: it is written anew with the next choice.
  }
  return current;
}

export function choose(choice: Choice): void {
  current = choice;
  localStorage.setItem(STORED, JSON.stringify(choice));
}

/** One that was had elsewhere: until the page is closed it counts for more than the role chosen; empty for none. */
export function takeToken(token: string): void {
  own = token.trim();
}

/** Empty for nobody known. @throws Error when the gateway gives no token */
export async function authorization(): Promise<Record<string, string>> {
  if (own !== "") return { authorization: `Bearer ${own}` };
  const choice = current;
  if (choice.role === "") return {};
  if (kept?.choice !== choice || Date.now() > kept.until) {
    const organisation = choice.organisation.trim();
    const subject = choice.subject.trim();
    const response = await fetch("/sandbox/token", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        role: choice.role,
        ...(organisation !== "" && { organisation }),
        ...(subject !== "" && { subject }),
      }),
    });
    if (!response.ok) throw new Error(`There is no token for ${choice.role}: HTTP ${response.status}`);
    const { token, lifetime } = (await response.json()) as { token: string; lifetime: number };
    kept = { choice, header: `Bearer ${token}`, until: Date.now() + lifetime * 1000 - MARGIN };
  }
  return { authorization: kept.header };
}
