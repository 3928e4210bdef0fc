/** Lifts the button above a bar that the shop keeps at the bottom of the window. */

/** Return how many pixels of the window's bottom are taken, seen at column ``x``. */
export function takenBelow(x: number, own: Element): number {
  let taken = 0;
  for (const y of [innerHeight - 4, innerHeight - 40]) {
    for (const element of document.elementsFromPoint(x, y)) {
      const { position } = getComputedStyle(element);
      if (element !== own && (position === "fixed" || position === "sticky")) {
        const { top, bottom, height } = element.getBoundingClientRect();
        // What covers half the window is a dialog, not a bar.
        if (bottom > innerHeight - 40 && height < innerHeight / 2) {
          taken = Math.max(taken, innerHeight - top);
        }
      }
    }
  }
  return Math.round(taken);
}

/** Keep the button above such bars; ``offset`` is the shop's own answer. */
export function keepLifted(
  host: HTMLElement,
  button: Element,
  offset: string | undefined,
): void {
  let timer: ReturnType<typeof setTimeout>;
  const probe = () => {
    const { left, right } = button.getBoundingClientRect();
    const lift = offset ? Number(offset) || 0 : takenBelow((left + right) / 2, host);
    host.style.setProperty("--la-lift", `${lift}px`);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(probe, 250);
  };
  for (const name of ["resize", "popstate", "scroll"]) {
    addEventListener(name, soon, { passive: true });
  }
  probe();
}
