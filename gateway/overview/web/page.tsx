/**
 * The page: what is shown is asked for anew every few seconds, and nothing moves the reader's focus. What has changed is
 * said once, politely; figures are not.
 */
import { useEffect, useMemo, useRef, useState } from "react";
import { chosen } from "../../sandbox/web/tokens.ts";
import type { Overview, Standing } from "../told.ts";
import { type Shown, useLive } from "./data.ts";
import { Entities } from "./entities.tsx";
import { History } from "./history.tsx";
import { speak, type Spoken, SpokenContext, useSpoken } from "./language.ts";
import { SignIn } from "./sign-in.tsx";
import { stateText } from "./standing.tsx";
import { Members, Services } from "./tables.tsx";
import { firstLanguage, keepLanguage, type Language } from "./texts.ts";

const PARTS = ["services", "members", "history", "entities"] as const;
const LANGUAGES: readonly (readonly [Language, string])[] = [
  ["vi", "Tiếng Việt"],
  ["en", "English"],
];

interface PageProps {
  readonly path: string;
  /** Whether only some are told. */
  readonly isGuarded: boolean;
  /** Of the development issuer. */
  readonly roles: readonly string[];
}

export function OverviewPage({ path, isGuarded, roles }: PageProps) {
  const [language, setLanguage] = useState(firstLanguage);
  const [isPaused, setPaused] = useState(false);
  const [asker, setAsker] = useState(() => (isGuarded ? chosen(roles).role || undefined : ""));
  const { shown, isFailing, refusal } = useLive(path, asker, isPaused);
  const spoken = useMemo(() => speak(language), [language]);
  const { texts } = spoken;
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${texts.title} · Liên Thông`;
  }, [language, texts]);
  const choose = (wanted: Language): void => {
    keepLanguage(wanted);
    setLanguage(wanted);
  };
  return (
    <SpokenContext value={spoken}>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <header>
        <h1>{texts.title}</h1>
        <div role="group" aria-label={texts.language} className="languages">
          {LANGUAGES.map(([code, name]) => (
            <button
              key={code}
              type="button"
              lang={code}
              aria-pressed={code === language}
              onClick={() => choose(code)}
            >
              {name}
            </button>
          ))}
        </div>
        <nav aria-label={texts.contents}>
          <ul>
            {PARTS.map((part) => (
              <li key={part}>
                <a href={`#${part}`}>{texts[part]}</a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        <Announcement overview={shown?.overview} />
        {isGuarded && <SignIn roles={roles} role={asker} onChange={setAsker} />}
        <p role="status" className={isFailing || refusal !== undefined ? "warning" : undefined}>
          {refusal !== undefined
            ? texts.refusals[refusal]
            : isFailing
              ? texts.failing
              : shown === undefined
                ? texts.loading
                : ""}
        </p>
        {shown !== undefined && (
          <>
            <p className="refresh">
              {texts.updated} <time dateTime={shown.overview.at}>{spoken.time(shown.overview.at)}</time>{" "}
              <button type="button" onClick={() => setPaused(!isPaused)}>
                {isPaused ? texts.resume : texts.pause}
              </button>
            </p>
            <Parts path={path} shown={shown} />
          </>
        )}
      </main>
    </SpokenContext>
  );
}

function Parts({ path, shown: { overview, history } }: { readonly path: string; readonly shown: Shown }) {
  const { texts } = useSpoken();
  const { asked, told } = overview.workers;
  const ofWorkers =
    told < asked ? texts.ofSomeWorkers(told, asked) : asked > 1 ? texts.ofWorkers(asked) : undefined;
  return (
    <>
      <p>
        {texts.window(overview.window)} {ofWorkers}
      </p>
      <Services services={overview.services} />
      <Members members={overview.members} />
      <History path={path} history={history} />
      <Entities entities={overview.entities} />
    </>
  );
}

/** Says which service or member has changed its state, once. */
function Announcement({ overview }: { readonly overview: Overview | undefined }) {
  const spoken = useSpoken();
  const before = useRef<ReadonlyMap<string, Standing>>(undefined);
  const loadedAt = useRef<string>(undefined);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (overview === undefined) return;
    const now = standings(overview);
    const news = before.current === undefined ? [] : changesBetween(before.current, now, spoken);
    if (loadedAt.current !== undefined && loadedAt.current !== overview.graph.loadedAt)
      news.push(spoken.texts.graphChanged);
    before.current = now;
    loadedAt.current = overview.graph.loadedAt;
    if (news.length > 0) setSaid(news.join(" "));
  }, [overview, spoken]);
  return (
    <p className="unseen" aria-live="polite" data-announcement="">
      {said}
    </p>
  );
}

function standings({ services, members }: Overview): ReadonlyMap<string, Standing> {
  return new Map<string, Standing>([
    ...services.map((service) => [service.name, service] as const),
    ...members.map(
      (member) => [`${member.key}${member.name === null ? "" : ` ${member.name}`}`, member] as const,
    ),
  ]);
}

function changesBetween(
  before: ReadonlyMap<string, Standing>,
  now: ReadonlyMap<string, Standing>,
  spoken: Spoken,
): string[] {
  return [...now]
    .filter(([name, { state }]) => before.has(name) && before.get(name)?.state !== state)
    .map(([name, standing]) => `${spoken.texts.stateChanged(name, stateText(standing, spoken))}.`);
}
