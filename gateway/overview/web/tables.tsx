/** The services, and the members of those that are partitioned. */
import { type ReactNode, useId, useState } from "react";
import type { MemberTold, Overview, ServiceTold } from "../told.ts";
import { useSpoken } from "./language.ts";
import { ChangedCell, FigureCells, FigureHeads, StateCell, VersionCell } from "./standing.tsx";

/** A part of the page, under its heading. */
export function Part(props: { readonly id: string; readonly title: string; readonly children: ReactNode }) {
  const { id, title, children } = props;
  return (
    <section id={id} aria-labelledby={`${id}-title`} tabIndex={-1}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** A table that may be wider than the window: it can then be scrolled by keyboard, too. */
export function Table(props: {
  readonly caption: string;
  readonly heads: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
    <div className="scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table>
        <caption id={id}>{props.caption}</caption>
        <thead>
          <tr>{props.heads}</tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

export function Services({ services }: { readonly services: readonly ServiceTold[] }) {
  const { texts } = useSpoken();
  const heads = (
    <>
      <th scope="col">{texts.service}</th>
      <FigureHeads />
    </>
  );
  return (
    <Part id="services" title={texts.services}>
      <Table caption={texts.servicesCaption} heads={heads}>
        {services.map((service) => (
          <tr key={service.name}>
            <th scope="row">{service.name}</th>
            <StateCell
              of={service}
              note={
                service.members === null
                  ? undefined
                  : texts.membersDown(service.members.down, service.members.count)
              }
            />
            <VersionCell of={service.version} />
            <ChangedCell of={service.version} />
            <FigureCells of={service.figures} asked={service.asked} />
          </tr>
        ))}
      </Table>
    </Part>
  );
}

export function Members({ members }: Pick<Overview, "members">) {
  const { texts } = useSpoken();
  const [words, setWords] = useState("");
  const id = useId();
  if (members.length === 0)
    return (
      <Part id="members" title={texts.members}>
        <p>{texts.noMembers}</p>
      </Part>
    );
  const found = members.filter((member) => matches(member, words));
  const heads = (
    <>
      <th scope="col">{texts.member}</th>
      <th scope="col">{texts.joins}</th>
      <FigureHeads />
    </>
  );
  return (
    <Part id="members" title={texts.members}>
      <p className="filter">
        <label htmlFor={id}>{texts.filter}</label>{" "}
        <input id={id} type="search" value={words} onChange={({ target }) => setWords(target.value)} />{" "}
        <span role="status">{words === "" ? "" : texts.found(found.length, members.length)}</span>
      </p>
      <Table caption={texts.membersCaption} heads={heads}>
        {found.map((member) => (
          <tr key={member.key}>
            <th scope="row">
              {member.key}
              {member.name !== null && <span className="note">{member.name}</span>}
            </th>
            <td>{member.services.length === 0 ? texts.joinsNone : member.services.join(", ")}</td>
            <StateCell of={member} />
            <VersionCell of={member.version} />
            <ChangedCell of={member.version} />
            <FigureCells of={member.figures} asked={member.asked} />
          </tr>
        ))}
      </Table>
    </Part>
  );
}

/** With or without diacritics, as people type. */
function matches({ key, name }: MemberTold, words: string): boolean {
  return plain(`${key} ${name ?? ""}`).includes(plain(words.trim()));
}

function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll(/đ/gi, "d").toLowerCase();
}
