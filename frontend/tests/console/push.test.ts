/** The switch of pushes, over a browser whose answers the test gives. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Push } from "../../src/console/push";

const ENDPOINT = "https://fcm.googleapis.com/fcm/send/a";
const CONV = "0123456789abcdef0123456789abcdef";

let asked: { path: string; body: unknown }[];
let permission: NotificationPermission;
let answered: NotificationPermission;
let known: { toJSON(): object; unsubscribe(): Promise<boolean> } | null;
let subscribe: () => Promise<unknown>;
let tell: (event: { data: unknown }) => void;

const subscription = {
  endpoint: ENDPOINT,
  toJSON: () => ({ endpoint: ENDPOINT, keys: { p256dh: "p", auth: "a" } }),
  unsubscribe: () => Promise.resolve(true),
};

beforeEach(() => {
  asked = [];
  permission = answered = "default";
  known = null;
  subscribe = () => Promise.resolve(subscription);
  tell = () => {};
  const pushManager = {
    getSubscription: () => Promise.resolve(known),
    subscribe: () => subscribe(),
  };
  vi.stubGlobal("navigator", {
    serviceWorker: {
      addEventListener: (_name: string, listener: typeof tell) => {
        tell = listener;
      },
      register: () => Promise.resolve({ pushManager }),
    },
  });
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", {
    get permission() {
      return permission;
    },
    requestPermission: () => {
      permission = answered;
      return Promise.resolve(answered);
    },
  });
});

afterEach(() => vi.unstubAllGlobals());

function make(key = "AQAB") {
  const http = {
    post: <T>(path: string, body: unknown) => {
      asked.push({ path, body });
      return Promise.resolve({} as T);
    },
  };
  return new Push({ http, key, worker: "/worker.js", scope: "/console/", lang: "en" });
}

async function started(open: (conv: string) => void = () => {}) {
  const push = make();
  await push.start(open);
  return push;
}

test("a shop without keys has no switch", async () => {
  const push = make("");
  await push.start(() => {});
  expect(push.state.value).toBe("none");
});

test("a browser that allows it is told to the server, in the reader's language", async () => {
  answered = "granted";
  const push = await started();
  expect(push.state.value).toBe("off");

  await push.turnOn();

  expect(push.state.value).toBe("on");
  expect(asked).toEqual([
    {
      path: "operator/push/",
      body: { endpoint: ENDPOINT, p256dh: "p", auth: "a", language: "en" },
    },
  ]);
});

test("who says no to the browser is told so, and the server hears nothing", async () => {
  answered = "denied";
  const push = await started();

  await push.turnOn();

  expect(push.state.value).toBe("denied");
  expect(asked).toEqual([]);
});

test("a browser that cannot reach its push service says that it failed", async () => {
  answered = "granted";
  subscribe = () => Promise.reject(new Error("no service"));
  const push = await started();

  await push.turnOn();

  expect(push.state.value).toBe("failed");
});

test("a subscription from before is on, and told anew", async () => {
  permission = "granted";
  known = subscription;

  const push = await started();

  expect(push.state.value).toBe("on");
  expect(asked.map(({ path }) => path)).toEqual(["operator/push/"]);
});

test("a trial asks the server to call all devices, and says how many", async () => {
  const push = await started();
  expect(await push.tryOut()).toBe(0);
  expect(asked.at(-1)?.path).toBe("operator/push/try/");

  asked = [];
  expect(await make("").tryOut()).toBe(0);
  expect(asked).toEqual([]);
});

test("turned off, the server calls it no more", async () => {
  permission = "granted";
  known = subscription;
  const push = await started();

  await push.turnOff();

  expect(push.state.value).toBe("off");
  expect(asked.at(-1)).toEqual({
    path: "operator/push/end/",
    body: { endpoint: ENDPOINT },
  });
});

test("a touch on the notification opens the dialog, and only a dialog", async () => {
  const opened: string[] = [];
  await started((conv) => opened.push(conv));

  tell({ data: { open: CONV } });
  tell({ data: { open: "javascript:alert(1)" } });
  tell({ data: null });

  expect(opened).toEqual([CONV]);
});
