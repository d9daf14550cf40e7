/** State, version and figures of a service or a member, as cells of a table. */
import type { CallFigures, Standing, State, Version } from "../told.ts";
import { type Spoken, useSpoken } from "./language.ts";

/** A sign beside the word, so that neither colour nor language is needed to tell them apart. */
const SIGNS: Readonly<Record<State, string>> = {
  up: "●",
  slow: "◐",
  partly: "◒",
  down: "✕",
  unknown: "○",
  suspended: "‖",
  expected: "…",
};

/** "Down since 10:12:03 (cannot be reached)" */
export function stateText({ state, since, code }: Standing, { texts, time }: Spoken): string {
  const words = [texts.states[state]];
  if (since !== null) words.push(state === "expected" ? texts.from : texts.since, time(since));
  if (code !== null) words.push(`(${texts.codes[code] ?? code})`);
  return words.join(" ");
}

export function StateCell({ of, note }: { readonly of: Standing; readonly note?: string | undefined }) {
  const spoken = useSpoken();
  return (
    <td>
      <span className={`state state-${of.state}`}>
        <span aria-hidden="true">{SIGNS[of.state]}</span> {stateText(of, spoken)}
      </span>
      {note !== undefined && <span className="note">{note}</span>}
    </td>
  );
}

export function VersionCell({ of }: { readonly of: Version }) {
  return (
    <td>
      {of.number !== null && <span>{`#${of.number} `}</span>}
      <code>{of.digest}</code>
    </td>
  );
}

export function ChangedCell({ of }: { readonly of: Version }) {
  const { texts, time } = useSpoken();
  return (
    <td>
      {of.number === null && `${texts.served} `}
      <time dateTime={of.changedAt}>{time(of.changedAt)}</time>
      {of.changedBy !== null && <span className="note">{texts.changedBy(of.changedBy)}</span>}
    </td>
  );
}

export function FigureCells({ of, asked }: { readonly of: CallFigures; readonly asked: Standing["asked"] }) {
  const { texts, number, share } = useSpoken();
  const { calls, failed, forged, faulty, median, p95 } = of;
  const errors = [
    ...(failed > 0 ? [texts.failed(share(failed / calls))] : []),
    ...(forged > 0 ? [texts.forged(share(forged / calls))] : []),
    ...(faulty > 0 ? [texts.faulty(share(faulty / calls))] : []),
  ];
  return (
    <>
      <td className="number">{calls === 0 ? texts.noCalls : number(calls)}</td>
      <td>{calls === 0 ? "–" : errors.length === 0 ? share(0) : errors.join("; ")}</td>
      <td>
        {median !== null && p95 !== null ? (
          <>
            {texts.usually(number(median))}
            <span className="note">{texts.mostly(number(p95))}</span>
          </>
        ) : asked !== null ? (
          <span className="note">{texts.probe(number(asked.duration))}</span>
        ) : (
          "–"
        )}
      </td>
    </>
  );
}

export function FigureHeads() {
  const { texts } = useSpoken();
  return (
    <>
      <th scope="col">{texts.state}</th>
      <th scope="col">{texts.version}</th>
      <th scope="col">{texts.changed}</th>
      <th scope="col">{texts.calls}</th>
      <th scope="col">{texts.errors}</th>
      <th scope="col">{texts.latency}</th>
    </>
  );
}
