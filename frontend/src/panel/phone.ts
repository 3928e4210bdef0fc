/** Full screen on a phone: the page behind stands still and comes back exactly. */

const MARK = "chatdesk";

/** Cover the page with ``host``'s panel; the returned function uncovers it. */
export function coverPage(host: Element, onBack: () => void): () => void {
  const release = holdStill(host);
  const unfollow = followViewport(host as HTMLElement);
  const forget = catchBack(onBack);
  return () => {
    unfollow();
    release();
    forget();
  };
}

function holdStill(host: Element): () => void {
  const page = document.documentElement;
  const { overflow } = page.style;
  const top = scrollY;
  const others = [...document.body.children].filter(
    (each): each is HTMLElement =>
      each instanceof HTMLElement && each !== host && !each.inert,
  );
  page.style.overflow = "hidden";
  for (const each of others) {
    each.inert = true;
  }
  return () => {
    page.style.overflow = overflow;
    for (const each of others) {
      each.inert = false;
    }
    if (scrollY !== top) {
      scrollTo({ top, behavior: "instant" });
    }
  };
}

/** Keep heading and composer in sight when the keyboard takes half the screen. */
function followViewport(host: HTMLElement): () => void {
  const view = window.visualViewport;
  const update = () => {
    if (view) {
      host.style.setProperty("--vv-height", `${Math.round(view.height)}px`);
      host.style.setProperty("--vv-top", `${Math.round(view.offsetTop)}px`);
    }
  };
  update();
  view?.addEventListener("resize", update);
  view?.addEventListener("scroll", update);
  return () => {
    view?.removeEventListener("resize", update);
    view?.removeEventListener("scroll", update);
    host.style.removeProperty("--vv-height");
    host.style.removeProperty("--vv-top");
  };
}

/** One entry in the history, so that Back closes the panel and leaves the page. */
function catchBack(onBack: () => void): () => void {
  history.pushState({ ...history.state, [MARK]: true }, "");
  const listen = () => onBack();
  addEventListener("popstate", listen);
  return () => {
    removeEventListener("popstate", listen);
    if (history.state?.[MARK]) {
      history.back();
    }
  };
}
