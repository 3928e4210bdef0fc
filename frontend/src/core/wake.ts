/** Moments at which a connection that was given up deserves another try at once. */

const TICK_MS = 5_000;

/**
 * Call ``callback`` when the network is back, the page is shown or looked at again,
 * or the wall clock jumped because the machine slept. Returns how to stop.
 */
export function onWake(callback: () => void): () => void {
  const ifVisible = () => {
    if (document.visibilityState === "visible") {
      callback();
    }
  };
  let latest = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    // Hidden tabs tick once a minute, which is no sleep.
    const limit = document.visibilityState === "hidden" ? 90_000 : 3 * TICK_MS;
    if (now - latest > limit) {
      callback();
    }
    latest = now;
  }, TICK_MS);
  addEventListener("online", callback);
  addEventListener("pageshow", callback);
  document.addEventListener("visibilitychange", ifVisible);
  return () => {
    clearInterval(timer);
    removeEventListener("online", callback);
    removeEventListener("pageshow", callback);
    document.removeEventListener("visibilitychange", ifVisible);
  };
}
