/** Who the page asks as: a role of the development issuer, where the gateway has one, or a token from elsewhere. */
import { useId, useState } from "react";
import { choose, takeToken } from "../../sandbox/web/tokens.ts";
import { useSpoken } from "./language.ts";

interface SignInProps {
  readonly roles: readonly string[];
  /** The one chosen, or a token's name. */
  readonly role: string | undefined;
  readonly onChange: (asker: string | undefined) => void;
}

export function SignIn({ roles, role = "", onChange }: SignInProps) {
  const { texts } = useSpoken();
  const id = useId();
  const [token, setToken] = useState("");
  if (roles.length > 0)
    return (
      <p>
        <label htmlFor={id}>{texts.role}</label>{" "}
        <select
          id={id}
          value={role}
          onChange={({ target }) => {
            choose({ role: target.value, organisation: "", subject: "" });
            onChange(target.value || undefined);
          }}
        >
          <option value="">{texts.nobody}</option>
          {roles.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </p>
    );
  return (
    <form
      aria-label={texts.signIn}
      onSubmit={(event) => {
        event.preventDefault();
        takeToken(token);
        onChange(token || undefined);
      }}
    >
      <label htmlFor={id}>{texts.token}</label>{" "}
      <input
        id={id}
        type="password"
        autoComplete="off"
        value={token}
        onChange={({ target }) => setToken(target.value)}
      />{" "}
      <button type="submit">{texts.useToken}</button>
    </form>
  );
}
