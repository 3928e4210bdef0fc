/**
 * The closed widget: says whether anyone is there, opens the panel when asked.
 *
 * A page has one, so its state lives in the module: that halves the script.
 */

import type { Availability } from "../protocol";
import { type Face, paint } from "./button";
import { make } from "./dom";
import type { ChatdeskApi, Focus, Panel, WidgetTag } from "./host";
import { keepLifted } from "./lift";
import { addScript, fetchPanel, type Parts } from "./loading";
import { isNoted, note, OPEN_DIALOG, OPEN_PANEL } from "./memory";
import { keepInPage, makeHost, makeSkeleton } from "./place";
import { type Say, wordsFor } from "./words";

const STATUS_PAUSE_MS = 60_000;
const NAMED_DAYS_MS = 5e8;
const WEEKDAY = {
  weekday: "long",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

const face: Face = {
  isOpen: false,
  state: "unknown",
  back: "",
  unread: 0,
  operator: null,
};
const button = make("button", {
  type: "button",
  "aria-haspopup": "dialog",
  "aria-controls": "panel",
});
let tag: WidgetTag;
let say: Say;
let host: HTMLElement;
let root: ShadowRoot;
let parts: Parts | undefined;
let panel: Promise<Panel> | undefined;
let skeleton: HTMLElement | undefined;
let focus: Focus = "text";
let askedAt = 0;

/** Return what shops may call; nothing is in the page before ``start``. */
export function createLauncher(given: WidgetTag): ChatdeskApi {
  tag = given;
  say = wordsFor(tag.lang);
  [host, root] = makeHost(tag);
  return {
    open: () => {
      start();
      show("text");
    },
    close: () => minimise(false),
    prefill: (text) => {
      start();
      show("text");
      prepare().then((ready) => ready.prefill(text));
    },
    attach: (mount) => parts?.attach(mount),
  };
}

/** Appear, ask for the status, go on where the visitor left. */
export function start(): void {
  if (host.isConnected) {
    return;
  }
  root.append(button);
  repaint();
  keepInPage(host);
  keepLifted(host, button, tag.data.cdOffset);
  listen();
  askStatus();
  if (isNoted("sessionStorage", OPEN_PANEL) && innerWidth > 519) {
    show("none");
  } else if (isNoted("localStorage", OPEN_DIALOG)) {
    prepare();
  }
}

function listen(): void {
  button.onpointerdown = (event) => {
    focus = event.pointerType === "touch" ? "heading" : "text";
  };
  button.onclick = () => (face.isOpen ? minimise(true) : show(focus));
  button.onpointerenter = button.onfocus = fetchParts;
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      askStatus();
    }
  });
}

function fetchParts(): Parts {
  parts ??= fetchPanel(tag, root);
  return parts;
}

function show(place: Focus): void {
  turn(true);
  if (!panel) {
    skeleton = makeSkeleton(say("chat"), say("write"));
    root.append(skeleton);
    if (place === "text") {
      skeleton.querySelector("textarea")?.focus({ preventScroll: true });
    }
  }
  prepare().then((ready) => {
    const text = skeleton?.querySelector("textarea")?.value;
    skeleton?.remove();
    skeleton = undefined;
    if (face.isOpen) {
      ready.show(place);
    }
    if (text) {
      ready.prefill(text);
    }
  });
}

function minimise(refocus: boolean): void {
  turn(false);
  // What was typed into it is still the panel's, when that is there.
  skeleton?.remove();
  panel?.then((ready) => ready.hide());
  if (refocus) {
    button.focus({ preventScroll: true });
  }
}

function turn(isOpen: boolean): void {
  face.isOpen = isOpen;
  note("sessionStorage", OPEN_PANEL, isOpen);
  repaint();
}

function prepare(): Promise<Panel> {
  const { mount, styles, strings } = fetchParts();
  panel ??= mount.then((build) =>
    build({
      tag,
      root,
      strings,
      styles,
      minimise: () => minimise(true),
      addScript: (address) => addScript(address, tag.nonce),
      tellAvailability: learn,
      tellUnread: (unread, operator) => {
        Object.assign(face, { unread, operator });
        repaint();
      },
    }),
  );
  return panel;
}

function askStatus(): void {
  if (Date.now() - askedAt > STATUS_PAUSE_MS) {
    askedAt = Date.now();
    fetch(`${tag.data.root}api/v1/visitor/status/`)
      .then((answer) => answer.json())
      .then(learn)
      .catch(() => learn({ state: "unknown" }));
  }
}

function learn({ state, opens_at }: Availability): void {
  askedAt = Date.now();
  face.state = state;
  // In the visitor's zone; later than a weekday's name can tell, the panel says it.
  face.back =
    (opens_at as number) < askedAt + NAMED_DAYS_MS
      ? say("back", new Date(opens_at as number).toLocaleString(tag.lang, WEEKDAY))
      : "";
  repaint();
}

function repaint(): void {
  paint(button, face, say);
}
