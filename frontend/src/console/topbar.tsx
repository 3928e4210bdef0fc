/** The bar: presence, places, the operator's own day, settings, account. */

import { useSignal } from "@preact/signals";
import { shortTime, tryAlerts } from "./alarm";
import { useDesk } from "./desk";
import { Icon, type IconName } from "./icons";
import { Capacity, OperatorPicture, percent } from "./parts";
import { Popover } from "./popover";
import { nextTheme, type Theme } from "./prefs";
import { Presence } from "./presence";
import { monthName } from "./when";

const THEME_ICONS: Record<Theme, IconName> = {
  light: "sun",
  dark: "moon",
  system: "desktop",
};

export function TopBar() {
  return (
    <header class="topb">
      <Presence />
      <Capacity />
      <OwnDay />
      <span class="grow" />
      <SlowLink />
      <Settings />
      <Account />
    </header>
  );
}

/** Says that words travel without a socket, and what does not. */
function SlowLink() {
  const { state, t } = useDesk();
  return (
    <div class="slow" role="status">
      {state.link.value === "polling" && (
        <span class="chip warn" title={t("slow_link_why")}>
          <Icon name="lost" size={14} />
          <span class="hide-m">{t("slow_link")}</span>
          <span class="vh">{t("slow_link_why")}</span>
        </span>
      )}
    </div>
  );
}

function OwnDay() {
  const { state, lang, t } = useDesk();
  const day = state.day.value;
  const likes = day.likes ?? 0;
  const dislikes = day.dislikes ?? 0;
  return (
    <>
      {(day.dialogs ?? 0) > 0 && <i class="sep hide-m opt" />}
      {typeof day.first_reply_s === "number" && (
        <span class="stat hide-m opt num">
          {t("first_reply")} <b>{shortTime(Math.round(day.first_reply_s), t)}</b>
        </span>
      )}
      {typeof day.within_goal === "number" && (
        <span class="stat hide-m opt num">
          {t("within", { n: state.limits.goal })}{" "}
          <b>{percent(day.within_goal, lang)}</b>
        </span>
      )}
      {likes + dislikes > 0 && (
        <span
          class="stat hide-m opt num"
          role="img"
          aria-label={t("thumbs", { likes, dislikes })}
        >
          <Icon name="like" size={16} />
          <b>{likes}</b>
          <Icon name="dislike" size={16} />
          <b>{dislikes}</b>
        </span>
      )}
      {state.earned.value.slice(0, 1).map((earned) => (
        <span
          key={earned.month}
          class="stat hide-m opt num"
          title={t("commission_of", { month: monthName(earned.month, lang) })}
        >
          {t("commission")} <b>{earned.sums.join(" + ")}</b>
        </span>
      ))}
    </>
  );
}

function Settings() {
  const { t } = useDesk();
  const isOpen = useSignal(false);
  const close = () => {
    isOpen.value = false;
  };
  return (
    <div class="bell">
      <button
        type="button"
        class="ib"
        aria-label={t("settings")}
        title={t("settings")}
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name="bell" />
      </button>
      {isOpen.value && (
        <Popover class="menu" label={t("settings")} onClose={close}>
          <Switches />
        </Popover>
      )}
    </div>
  );
}

function Switches() {
  const { prefs, push, sound, toasts, t } = useDesk();
  const permission = useSignal(
    "Notification" in window ? Notification.permission : "denied",
  );
  const allow = async () => {
    permission.value = await Notification.requestPermission();
  };
  return (
    <>
      <Switch label={t("sound")} value={prefs.sound} />
      <Switch label={t("desktop")} value={prefs.desktop} />
      {permission.value === "default" && (
        <button type="button" class="item" onClick={() => void allow()}>
          <Icon name="bell" size={16} />
          {t("desktop_allow")}
        </button>
      )}
      <button
        type="button"
        class="item"
        onClick={() => void tryAlerts({ sound, push, toasts, t })}
      >
        <Icon name="bell" size={16} />
        {t("alerts_try")}
      </button>
      <PushSwitch />
      {permission.value === "denied" && <p class="hint">{t("desktop_denied")}</p>}
      <Switch label={t("keys_on")} value={prefs.keys} />
    </>
  );
}

/** Says what the browser really allows, and how to change it. */
function PushSwitch() {
  const { push, t } = useDesk();
  const state = push.state.value;
  if (state === "none") {
    return null;
  }
  return (
    <>
      <label class="r">
        <input
          type="checkbox"
          checked={state === "on"}
          disabled={state === "denied" || state === "busy"}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            void (isOn ? push.turnOn() : push.turnOff());
          }}
        />
        {t("push")}
      </label>
      {(state === "denied" || state === "failed") && (
        <p class="hint" role="status">
          {t(state === "denied" ? "push_denied" : "push_failed")}
        </p>
      )}
    </>
  );
}

function Switch({ label, value }: { label: string; value: { value: boolean } }) {
  return (
    <label class="r">
      <input
        type="checkbox"
        checked={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.checked;
        }}
      />
      {label}
    </label>
  );
}

function Account() {
  const { state, t } = useDesk();
  const isOpen = useSignal(false);
  const name = state.me.name;
  return (
    <div class="bell">
      <button
        type="button"
        class="ib"
        aria-label={t("account", { name })}
        title={name}
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <OperatorPicture card={state.me} status={state.status.value} />
      </button>
      {isOpen.value && (
        <Popover
          class="menu"
          label={t("account", { name })}
          onClose={() => {
            isOpen.value = false;
          }}
        >
          <AccountMenu />
        </Popover>
      )}
    </div>
  );
}

function AccountMenu() {
  const { state, prefs, config, lang, t } = useDesk();
  return (
    <>
      <p class="hint b">{state.me.name}</p>
      {state.earned.value.map((earned) => (
        <p key={earned.month} class="hint num">
          {t("commission_of", { month: monthName(earned.month, lang) })}
          {": "}
          <b>{earned.sums.join(" + ")}</b>
        </p>
      ))}
      <ThemeItem class="item" />
      <button
        type="button"
        class="item"
        onClick={() => {
          state.sheet.value = "keys";
        }}
        disabled={!prefs.keys.value && matchMedia("(pointer: coarse)").matches}
      >
        <Icon name="doc" size={16} />
        {t("shortcuts")}
      </button>
      {state.hasRules && (
        <button
          type="button"
          class="item"
          onClick={() => {
            state.sheet.value = "rules";
          }}
        >
          <Icon name="check" size={16} />
          {t("rules")}
        </button>
      )}
      {config.admin && (
        <a class="item" href={config.admin}>
          <Icon name="grid" size={16} />
          {t("admin")}
        </a>
      )}
      {config.logout && (
        <form method="post" action={config.logout}>
          <input type="hidden" name="csrfmiddlewaretoken" value={config.csrf} />
          <button type="submit" class="item">
            <Icon name="right" size={16} turn />
            {t("logout")}
          </button>
        </form>
      )}
    </>
  );
}

/** Switches between light, dark and the system's theme. */
export function ThemeItem({ class: name = "", iconOnly = false }) {
  const { prefs, t } = useDesk();
  const label = t(`theme_${prefs.theme.value}`);
  const icon = THEME_ICONS[prefs.theme.value];
  return (
    <button
      type="button"
      class={name}
      title={label}
      {...(iconOnly ? { "aria-label": label } : {})}
      onClick={() => {
        prefs.theme.value = nextTheme(prefs.theme.value);
      }}
    >
      <Icon name={icon} {...(iconOnly ? {} : { size: 16 as const })} />
      {!iconOnly && label}
    </button>
  );
}
