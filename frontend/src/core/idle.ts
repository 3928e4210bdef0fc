/** How long ago somebody touched this page; the server makes of it who is there. */

/** A touch after so much rest is worth telling at once. */
const LONG_REST_MS = 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

let touchedAt = Date.now();

/** Return the seconds since the latest touch of the page. */
export function idleSeconds(): number {
  return Math.max(0, Math.round((Date.now() - touchedAt) / 1000));
}

/** Watch the page for touches; ``onReturn`` is called at the first after a rest. */
export function watchTouches(onReturn: () => void): void {
  const touch = () => {
    const rest = Date.now() - touchedAt;
    touchedAt = Date.now();
    if (rest > LONG_REST_MS) {
      onReturn();
    }
  };
  for (const sign of SIGNS) {
    addEventListener(sign, touch, { capture: true, passive: true });
  }
}
