/** Who the sandbox asks as: a role of the development issuer, where the gateway has one. */
import { useState } from "react";
import { choose, chosen, type Choice } from "./tokens.ts";

export function RolePicker({ roles }: { roles: readonly string[] }) {
  const [choice, setChoice] = useState<Choice>(() => chosen(roles));
  const change = (next: Choice) => {
    choose(next);
    setChoice(next);
  };
  return (
    <span className="roles">
      <select
        aria-label="Vai trò · Role"
        value={choice.role}
        onChange={({ target }) => change({ ...choice, role: target.value })}
      >
        <option value="">Ẩn danh · Anonymous</option>
        {roles.map((role) => (
          <option key={role}>{role}</option>
        ))}
      </select>
      {choice.role !== "" && (
        <>
          <input
            aria-label="Mã cơ quan · Organisation code"
            placeholder="Mã cơ quan · Code"
            value={choice.organisation}
            onChange={({ target }) => change({ ...choice, organisation: target.value })}
          />
          <input
            aria-label="Là ai · Subject"
            placeholder="Là ai · Subject"
            value={choice.subject}
            onChange={({ target }) => change({ ...choice, subject: target.value })}
          />
        </>
      )}
    </span>
  );
}
