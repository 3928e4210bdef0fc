/** Addresses that strangers gave: what may be followed, and what every link carries. */

const SAFE = ["http:", "https:", "mailto:", "tel:"];

/** For every link out of the workspace. */
export const LINK_REL = "noopener noreferrer nofollow ugc";

/** Return the address when it is of a kind that is safe to follow, else null. */
export function safeHref(address: string): string | null {
  try {
    const url = new URL(address);
    return SAFE.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Return an address of the shop, which may leave out the site, when it is safe. */
export function shopHref(address: string | undefined): string | null {
  try {
    return address ? safeHref(new URL(address, location.href).href) : null;
  } catch {
    return null;
  }
}

/** Return how a contact can be reached by a press, when it is a number or a mail. */
export function contactHref(text: string): string | null {
  const trimmed = text.trim();
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/u.test(trimmed)) {
    return safeHref(`mailto:${trimmed}`);
  }
  const digits = trimmed.replace(/[\s().-]/g, "");
  return /^\+?\d{6,15}$/.test(digits) ? safeHref(`tel:${digits}`) : null;
}
