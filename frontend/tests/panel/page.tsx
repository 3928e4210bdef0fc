/** A page with the real panel in it, and a server in the test's hands. */

import { vi } from "vitest";
import type { ChatdeskApi, Focus, Panel, PanelHost } from "../../src/launcher/host";
import * as cards from "../../src/panel/cards/parts";
import * as letter from "../../src/panel/letter/parts";
import { mount } from "../../src/panel/mount";
import type {
  Availability,
  ConversationForVisitor,
  OperatorCard,
  VisitorSession,
} from "../../src/protocol";
import { CONV, EPOCH, fakeSockets, trackPage } from "../fakes";

export const ANNA: OperatorCard = {
  id: "7",
  name: "Anna Sokolova",
  title: "Coffee gear specialist",
  photo: "/anna.webp",
};

export const HERE: Availability = {
  state: "online",
  online: 2,
  answer_s: 12,
  operators: [ANNA, { id: "8", name: "Dmitry Orlov" }],
};

export interface Request {
  path: string;
  body: Record<string, unknown>;
}

export function conversation(
  given: Partial<ConversationForVisitor> = {},
): ConversationForVisitor {
  return {
    id: CONV,
    epoch: EPOCH,
    status: "waiting",
    head: 0,
    created_at: 1,
    ...given,
  };
}

type Answer = () => unknown;

const CHUNKS: Record<string, object> = { cards, letter };

/** The server's HTTP side: answers by the end of the path. */
export class FakeServer {
  requests: Request[] = [];
  availability: Availability = HERE;
  dialogs: ConversationForVisitor[] = [];
  /** Who the cookie names; without it somebody once he has begun a dialog. */
  visitor: string | null = null;
  answers: Record<string, Answer> = {
    session: () => this.session(),
    conversations: () => conversation(),
    status: () => this.availability,
    events: refuse(0),
  };

  session(): VisitorSession {
    const isKnown = this.dialogs.length > 0 || this.asked("conversations").length > 0;
    return {
      visitor: this.visitor ?? (isKnown ? "1" : ""),
      epoch: EPOCH,
      server_time: Date.now(),
      availability: this.availability,
      conversations: this.dialogs,
    };
  }

  asked(name: string): Request[] {
    return this.requests.filter((each) => each.path.split("/").at(-2) === name);
  }

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const path = new URL(url, location.href).pathname;
    const body = init.body ? JSON.parse(String(init.body)) : {};
    this.requests.push({ path, body });
    const answer = this.answers[path.split("/").at(-2) ?? ""] ?? (() => ({}));
    const result = answer();
    return result instanceof Response ? result : Response.json(result);
  };
}

/** Refuse with a status, or break the connection with 0. */
export function refuse(status: number, code = "invalid", text = ""): Answer {
  return () => {
    if (status === 0) {
      throw new TypeError("cut");
    }
    return Response.json({ code, text }, { status });
  };
}

export class Page {
  readonly server = new FakeServer();
  /** What the panel fetched later, by the name of its chunk. */
  readonly fetched: string[] = [];
  readonly told = { unread: 0, name: "", state: "", minimised: 0 };
  panel: Panel | undefined;
  private element: HTMLElement | undefined;
  private readonly untrack: () => void;

  constructor(
    private readonly data: DOMStringMap = {},
    private readonly lang = "en",
    private readonly table: Record<string, string> = {},
  ) {
    vi.stubGlobal("fetch", this.server.fetch);
    fakeSockets();
    this.untrack = trackPage();
  }

  /** Mount the panel and, unless told otherwise, open it. */
  async load(focus: Focus | null = "text"): Promise<void> {
    this.element = document.createElement("div");
    document.body.append(this.element);
    const root = this.element.attachShadow({ mode: "open" });
    window.chatdesk = {} as ChatdeskApi;
    this.panel = await mount(this.host(root));
    if (focus) {
      this.panel.show(focus);
    }
    await this.rest();
  }

  /** Go away as a page does: what it had in memory is gone. */
  leave(): void {
    this.element?.remove();
    this.untrack();
    // What is due to be drawn is drawn first: its queue outlives the page.
    vi.advanceTimersByTime(50);
    vi.clearAllTimers();
  }

  /** Let everything happen that is due, and a little time pass. */
  async rest(ms = 60): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  find<Kind extends HTMLElement = HTMLElement>(selector: string): Kind | null {
    return this.element?.shadowRoot?.querySelector<Kind>(selector) ?? null;
  }

  all(selector: string): HTMLElement[] {
    return [
      ...(this.element?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
    ];
  }

  texts(selector: string): string[] {
    return this.all(selector).map((each) => each.textContent ?? "");
  }

  get focused(): Element | null {
    return this.element?.shadowRoot?.activeElement ?? null;
  }

  get field(): HTMLTextAreaElement {
    return this.find<HTMLTextAreaElement>("textarea") as HTMLTextAreaElement;
  }

  async type(text: string): Promise<void> {
    this.field.value = text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    await this.rest(0);
  }

  async press(key: string, target: Element = this.field, init = {}): Promise<void> {
    const event = new KeyboardEvent("keydown", {
      key,
      bubbles: true,
      composed: true,
      cancelable: true,
      ...init,
    });
    target.dispatchEvent(event);
    await this.rest(0);
  }

  async say(text: string): Promise<void> {
    await this.type(text);
    await this.press("Enter");
    await this.rest();
  }

  async click(selector: string): Promise<void> {
    const target = this.find(selector);
    if (!target) {
      throw new Error(`there is no ${selector}`);
    }
    target.click();
    await this.rest();
  }

  /** Click the button with this text. */
  async choose(text: string): Promise<void> {
    const button = this.all("button").find((each) => each.textContent?.includes(text));
    if (!button) {
      throw new Error(`there is no button "${text}"`);
    }
    button.click();
    await this.rest();
  }

  private host(root: ShadowRoot): PanelHost {
    return {
      tag: {
        data: { root: "/chatdesk/", shop: "Northbrew", letter: "letter", ...this.data },
        lang: this.lang,
        nonce: "",
      },
      root,
      strings: Promise.resolve(this.table),
      styles: Promise.resolve(),
      minimise: () => {
        this.told.minimised += 1;
        this.panel?.hide();
      },
      addScript: (name) => {
        this.fetched.push(name);
        window.chatdesk?.chunk?.(name, CHUNKS[name] ?? {});
      },
      tellAvailability: (availability) => {
        this.told.state = availability.state;
      },
      tellUnread: (count, operator) => {
        this.told.unread = count;
        this.told.name = operator?.name ?? "";
      },
    };
  }
}
