/**
 * Tells the shop for how long a page was visible, and when it was left.
 *
 * A script of its own, so that neither launcher nor panel grows and a shop that watches
 * nothing does not load it. It keeps nothing in the browser. Where consent is needed it
 * says nothing before the shop's cookie or the event ``chatdesk:consent`` is there.
 */

const FIRST_MS = 10_000;
const LATER_MS = 60_000;

export function watch({ to = "", consent = "" }: DOMStringMap): void {
  let isAllowed = !consent;
  let since = isVisible() ? performance.now() : 0;
  let unsaid = 0;

  const settle = () => {
    const now = performance.now();
    unsaid += since ? now - since : 0;
    since = isVisible() ? now : 0;
  };
  const say = (leaving: boolean) => {
    settle();
    isAllowed ||= hasCookie(consent);
    const seconds = Math.floor(unsaid / 1000);
    if (!isAllowed || (!leaving && !seconds)) {
      return;
    }
    unsaid -= seconds * 1000;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    const look = { path: location.pathname, seconds, zone, leaving };
    const type = "application/json";
    navigator.sendBeacon(to, new Blob([JSON.stringify(look)], { type }));
  };
  const again = () => {
    say(false);
    setTimeout(again, LATER_MS);
  };

  setTimeout(again, FIRST_MS);
  addEventListener("chatdesk:consent", () => {
    isAllowed = true;
  });
  document.addEventListener("visibilitychange", () => say(false));
  addEventListener("pagehide", () => say(true));
  addEventListener("pageshow", settle);
}

function isVisible(): boolean {
  return document.visibilityState === "visible";
}

/** Whether a cookie is there: by its name, or with one certain value. */
function hasCookie(wanted: string): boolean {
  const isIt = (cookie: string) =>
    wanted.includes("=") ? cookie === wanted : cookie.startsWith(`${wanted}=`);
  return document.cookie.split("; ").some(isIt);
}

const tag = document.currentScript;
if (tag) {
  watch(tag.dataset);
}
