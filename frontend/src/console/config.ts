/** What the page says to the script, in a JSON block. */

export interface Config {
  /** Where the shop included chatdesk, such as ``/chatdesk/``. */
  readonly root: string;
  readonly csrf: string;
  readonly lang: string;
  /** Address of the words in that language; empty for English. */
  readonly strings: string;
  readonly login: string;
  readonly logout: string;
  readonly admin: string;
  /** The service worker, and the shop's public key for pushes or nothing. */
  readonly worker: string;
  readonly push: string;
}

const BLOCK = "chatdesk-config";

/** Return the page's configuration; fields that it leaves out are empty. */
export function readConfig(page: Document = document): Config {
  const block = page.getElementById(BLOCK);
  const given = JSON.parse(block?.textContent ?? "{}") as Partial<Config>;
  return {
    root: "/",
    csrf: "",
    lang: "en",
    strings: "",
    login: "",
    logout: "",
    admin: "",
    worker: "",
    push: "",
    ...given,
  };
}
