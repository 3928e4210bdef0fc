/** Ways through the workspace: a rail beside it, on a phone a bar below. */

import { useDesk } from "./desk";
import { Icon, type IconName } from "./icons";
import type { Tab } from "./inbox";
import { ThemeItem } from "./topbar";
import type { Key } from "./words";

interface Place {
  readonly word: Key;
  readonly icon: IconName;
  readonly tab: Tab | "site" | null;
}

const PLACES: readonly Place[] = [
  { word: "inbox", icon: "inbox", tab: "mine" },
  { word: "visitors", icon: "eye", tab: "site" },
  { word: "history", icon: "history", tab: "closed" },
  { word: "results", icon: "bars", tab: null },
];

export function Rail() {
  const { state, config, t } = useDesk();
  return (
    <nav class="rail" aria-label={t("workspace")}>
      <span class="logo">
        <Icon name="chat" />
      </span>
      <Places hasWords={false} />
      <span class="grow" />
      {config.admin && (
        <a href={config.admin} aria-label={t("admin")} title={t("admin")}>
          <Icon name="grid" />
        </a>
      )}
      <button
        type="button"
        aria-label={t("shortcuts")}
        title={`${t("shortcuts")}  ?`}
        onClick={() => {
          state.sheet.value = "keys";
        }}
      >
        <span class="mark" aria-hidden="true">
          ?
        </span>
      </button>
      <ThemeItem iconOnly />
    </nav>
  );
}

export function TabBar() {
  const { t } = useDesk();
  return (
    <nav class="tabbar" aria-label={t("workspace")}>
      <Places hasWords />
    </nav>
  );
}

function Places({ hasWords }: { hasWords: boolean }) {
  const { state, visits, t } = useDesk();
  const inNeed = state.waiting.value.filter((row) => row.waiting_since).length;
  const isHere = ({ tab }: Place) =>
    visits.isOpen.value || tab === "site"
      ? visits.isOpen.value && tab === "site"
      : tab === "closed"
        ? state.tab.value === "closed"
        : tab !== null && state.tab.value !== "closed";
  const go = ({ tab }: Place) => {
    visits.isOpen.value = tab === "site" || (tab === null && visits.isOpen.peek());
    if (tab === "site") {
      state.view.value = "list";
    } else if (tab) {
      state.tab.value = tab;
      state.view.value = "list";
    } else {
      state.sheet.value = "results";
    }
  };
  return (
    <>
      {PLACES.map((place) => (
        <button
          key={place.word}
          type="button"
          {...(isHere(place) ? { "aria-current": "page" as const } : {})}
          {...(hasWords ? {} : { "aria-label": t(place.word), title: t(place.word) })}
          onClick={() => go(place)}
        >
          <Icon name={place.icon} />
          {hasWords && t(place.word)}
          {place.tab === "mine" && inNeed > 0 && (
            <span class="badge bad" aria-hidden="true">
              {inNeed}
            </span>
          )}
        </button>
      ))}
    </>
  );
}
