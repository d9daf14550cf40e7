/** What was done to the graph, and what came of it. */
import { useId, useState } from "react";
import type { ChangesTold, HistoryEntryTold, HistoryTold, NamesTold } from "../told.ts";
import { type ChangesState, useChanges, useEarlier } from "./data.ts";
import { useSpoken } from "./language.ts";
import { Part } from "./tables.tsx";

export function History({ path, history }: { readonly path: string; readonly history: HistoryTold }) {
  const { texts } = useSpoken();
  const { entries, more } = useEarlier(path, history);
  const title = texts.history;
  if (history.registry === "none")
    return (
      <Part id="history" title={title}>
        <p>{texts.historyNone}</p>
      </Part>
    );
  return (
    <Part id="history" title={title}>
      {history.registry === "away" && <p className="warning">{texts.historyAway}</p>}
      {entries.length === 0 && history.registry === "followed" && <p>{texts.historyEmpty}</p>}
      <ol className="history" aria-labelledby="history-title">
        {entries.map((entry) => (
          <Entry key={entry.id} path={path} entry={entry} />
        ))}
      </ol>
      {more !== undefined && (
        <button type="button" onClick={more}>
          {texts.earlier}
        </button>
      )}
    </Part>
  );
}

function Entry({ path, entry }: { readonly path: string; readonly entry: HistoryEntryTold }) {
  const { texts, time } = useSpoken();
  const [isOpen, setOpen] = useState(false);
  const changes = useChanges(path, entry.id, isOpen);
  const id = useId();
  const { at, actor, action, subject, composition, code } = entry;
  const what = `${texts.actions[action] ?? action} ${subject}`;
  return (
    <li>
      <time dateTime={at}>{time(at)}</time> <b>{actor}</b> {what}
      {composition === null ? (
        <span className="state state-down">
          {" "}
          <span aria-hidden="true">✕</span> {texts.refused}
          {code !== null && ` (${code})`}
        </span>
      ) : (
        <>
          {`: ${texts.composition(composition)} `}
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen((wasOpen) => !wasOpen)}
          >
            <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>{" "}
            {texts.changesOf(texts.composition(composition))}
          </button>
          <div id={id} hidden={!isOpen} className="changes" aria-live="polite">
            {isOpen && <Changes of={changes} />}
          </div>
        </>
      )}
    </li>
  );
}

function Changes({ of }: { readonly of: ChangesState }) {
  const { texts } = useSpoken();
  if (of === "loading") return <p>{texts.loading}</p>;
  if (of === "missing") return <p className="warning">{texts.changesMissing}</p>;
  const names = namesIn(of);
  return (
    <>
      <p>{of.from === null ? texts.first : texts.against(of.from, of.to)}</p>
      {names.length + of.schema.length === 0 && <p>{texts.changesNone}</p>}
      <ul>
        {names.map(({ what, kind, name }) => (
          <li key={`${what} ${kind} ${name}`}>
            <span className={`kind kind-${kind}`}>{texts.kinds[kind]}</span> {texts.names[what].toLowerCase()}{" "}
            {name}
          </li>
        ))}
        {of.schema.map(({ level, message }) => (
          <li key={message}>
            <span className={`kind kind-${level}`}>{texts.levels[level]}</span>{" "}
            <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function namesIn(changes: ChangesTold) {
  return (["subgraphs", "members", "variants"] as const).flatMap((what) =>
    (["added", "removed", "changed"] as const).flatMap((kind) =>
      changes[what][kind satisfies keyof NamesTold].map((name) => ({ what, kind, name })),
    ),
  );
}
