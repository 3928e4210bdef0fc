/** Where a visitor comes from and what he looks at; every text here is a stranger's. */

import type { ComponentChildren } from "preact";
import { formatDay, formatTime, safeLocale } from "../core/clock";
import type { VisitorCard } from "../protocol";
import { useDesk } from "./desk";
import { deviceOf, isPhone } from "./device";
import { Icon, type IconName } from "./icons";
import { LINK_REL, safeHref } from "./links";
import { inline } from "./people";

interface Given {
  visitor: VisitorCard;
  /** Then the visit tells device, page and source, better. */
  isVisitKnown?: boolean;
}

export function Facts({ visitor, isVisitKnown = false }: Given) {
  const { lang, t } = useDesk();
  const { device = "", language = "", user = "", referrer = "" } = visitor;
  const { page_url = "", page_title = "", first_seen_at = 0 } = visitor;
  const known = [device, language, user, referrer, page_url, page_title, first_seen_at];
  if (!known.some(Boolean)) {
    return null;
  }
  const when = (at: number) => `${formatDay(at, lang)}, ${formatTime(at, lang)}`;
  return (
    <div class="blk">
      <dl class="kv">
        {user && (
          <Fact icon="user" label={t("name")}>
            {t("account_name", { name: inline(user) })}
          </Fact>
        )}
        {language && (
          <Fact icon="globe" label={t("language")}>
            {languageName(language, lang)}
          </Fact>
        )}
        {device && !isVisitKnown && (
          <Fact icon={isPhone(device) ? "phone_device" : "desktop"} label={t("device")}>
            <bdi>{deviceOf(device)}</bdi>
          </Fact>
        )}
        {!isVisitKnown && <Page visitor={visitor} />}
        {referrer && !isVisitKnown && (
          <Fact icon="link" label={t("came_from")}>
            <Address address={referrer} text={referrer} />
          </Fact>
        )}
        {first_seen_at > 0 && (
          <Fact icon="clock" label={t("first_seen")}>
            {t("first_seen")}: {when(first_seen_at)}
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Page({ visitor }: { visitor: VisitorCard }) {
  const { t } = useDesk();
  const { page_url: url = "", page_title: title = "" } = visitor;
  return url || title ? (
    <Fact icon="eye" label={t("page")}>
      <Address address={url} text={title || url} />
    </Fact>
  ) : null;
}

function Fact({
  icon,
  label,
  children,
}: {
  icon: IconName;
  label: string;
  children: ComponentChildren;
}) {
  return (
    <>
      <dt title={label}>
        <Icon name={icon} size={16} />
        <span class="vh">{label}</span>
      </dt>
      <dd>{children}</dd>
    </>
  );
}

/** A stranger's address: a link only when it is safe to follow, else mere text. */
function Address({ address, text }: { address: string; text: string }) {
  const href = safeHref(address);
  const isWeb = href?.startsWith("http");
  return isWeb && href ? (
    <a href={href} target="_blank" rel={LINK_REL} title={href}>
      <bdi>{text}</bdi>
    </a>
  ) : (
    <bdi>{text}</bdi>
  );
}

function languageName(tag: string, lang: string): string {
  try {
    const names = new Intl.DisplayNames(safeLocale(lang), { type: "language" });
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
