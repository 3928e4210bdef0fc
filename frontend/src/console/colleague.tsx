/** A colleague in a line: who, whether he is there, why not and until when, his load. */

import { formatTime } from "../core/clock";
import type { Colleague } from "../protocol";
import { initials } from "../ui/avatar";
import { useDesk } from "./desk";
import { Bars, dotClass } from "./parts";
import { inline } from "./people";
import { reasonWords } from "./reasons";
import type { Status } from "./state";
import type { Words } from "./words";

export function ColleagueLine({ colleague }: { colleague: Colleague }) {
  const { lang, t } = useDesk();
  const { name, photo, load, capacity } = colleague;
  const isThere = !["offline", "phone"].includes(colleague.state);
  return (
    <>
      <span class="av s32" aria-hidden="true">
        {photo ? <img src={photo} alt="" width="32" height="32" /> : initials(name)}
        <i class={dotClass(colleague.state as Status | "phone")} />
      </span>
      <span class="grow lines">
        <bdi class="trunc">{inline(name)}</bdi>
        <span class="dim trunc">{placeWords(colleague, lang, t)}</span>
      </span>
      {isThere && (
        <span class="stat num">
          <Bars load={load} capacity={capacity} />
          <span aria-hidden="true">
            {load}/{capacity}
          </span>
        </span>
      )}
    </>
  );
}

/** Return "Online", or "Away, lunch, back at 14:30". */
export function placeWords(colleague: Colleague, lang: string, t: Words): string {
  const { state, reason, back_at: backAt } = colleague;
  const words = reason ? reasonWords(reason, t) : "";
  // The shop's own words stay as it wrote them.
  const why = words === reason ? words : words.toLocaleLowerCase(lang);
  const back = backAt ? t("back_then", { time: formatTime(backAt, lang) }) : "";
  return [t(state === "phone" ? "by_phone" : (state as Status)), why, back]
    .filter(Boolean)
    .join(", ");
}
