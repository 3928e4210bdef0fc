"use strict";

/* Menus close when the reader goes elsewhere, and the presence board keeps up to date.
   Without this script everything on the pages works, one reload at a time. */
{
  const MENUS = "details.cd-filter, details.cd-why";
  const EVERY_MS = 5_000;
  const STALE_MS = 60_000;

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll(MENUS)) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest(MENUS));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest(MENUS);
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  const board = document.getElementById("cd-presence");
  let freshAt = Date.now();

  const showAge = () => {
    const seen = board.querySelector("[data-seen]");
    if (seen && Date.now() - freshAt > STALE_MS) seen.textContent = board.dataset.stale;
  };

  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(board.dataset.url, { credentials: "same-origin" });
      // A login page after the session ended is an answer too, but not this one.
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      board.innerHTML = await answer.text();
      freshAt = Date.now();
    } catch {
      showAge();
    }
  };

  if (board) {
    setInterval(refresh, EVERY_MS);
    document.addEventListener("visibilitychange", refresh);
  }
}
