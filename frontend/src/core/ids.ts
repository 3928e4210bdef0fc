/** Identifiers made by the client. */

/** Return 128 random bits as 32 hex characters; works outside secure contexts too. */
export function makeId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
