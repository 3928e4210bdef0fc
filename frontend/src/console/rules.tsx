/** The shop's rules of work: read here, confirmed once a version. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Duty, Regulation } from "../protocol";
import { useDesk } from "./desk";
import { Sheet } from "./sheets";
import { shiftWords } from "./when";

export function Rules() {
  const { state, actions, t } = useDesk();
  const rules = useSignal<Regulation | null>(null);
  useEffect(() => {
    void actions.readRules().then((found) => {
      rules.value = found;
    });
  }, []);
  const found = rules.value;
  const confirm = async () => {
    if (found && (await actions.confirmRules(found.version))) {
      state.sheet.value = null;
    }
  };
  if (!found) {
    return <Sheet title={t("rules")}>{null}</Sheet>;
  }
  return (
    <Sheet title={t("rules")}>
      {found.version > 0 && (
        <p class="t13 mut">{t("rules_version", { n: found.version })}</p>
      )}
      <dl class="keys">
        <dt>{t("rules_goal")}</dt>
        <dd>{t("seconds", { n: found.goal_s })}</dd>
        <dt>{t("rules_limit")}</dt>
        <dd>{t("seconds", { n: found.limit_s })}</dd>
        <dt>{t("rules_capacity")}</dt>
        <dd>{found.capacity}</dd>
      </dl>
      <div class="rules">{found.text || t("rules_none")}</div>
      {found.duty && <OwnDuty duty={found.duty} />}
      {found.version > 0 && !found.confirmed_at && (
        <button type="button" class="btn pri" onClick={() => void confirm()}>
          {t("rules_confirm")}
        </button>
      )}
      {found.confirmed_at ? <p class="t13 mut">{t("rules_confirmed")}</p> : null}
    </Sheet>
  );
}

/** What the reader himself is to do, when, and whom to ask now. */
function OwnDuty({ duty }: { duty: Duty }) {
  const { lang, t } = useDesk();
  const { text = "", begins_at, ends_at, responsible = [] } = duty;
  const facts: [string, string][] = [];
  if (begins_at && ends_at) {
    facts.push([t("duty_shift"), shiftWords(begins_at, ends_at, lang)]);
  }
  if (responsible.length > 0) {
    facts.push([t("duty_responsible"), responsible.join(", ")]);
  }
  return (
    <>
      {text && <h3>{t("duty")}</h3>}
      {text && <div class="rules">{text}</div>}
      {facts.length > 0 && (
        <dl class="keys">
          {facts.map(([label, value]) => (
            <>
              <dt key={label}>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </>
          ))}
        </dl>
      )}
    </>
  );
}
