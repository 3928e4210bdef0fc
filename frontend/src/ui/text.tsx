/** A person's words, with addresses that can be followed. */

import { findLinks } from "./links";

const REL = "noopener noreferrer nofollow ugc";

/** A text as nodes: nothing in it becomes markup. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {findLinks(text).map(({ text: words, href }, index) =>
        href ? (
          <a key={index} href={href} rel={REL} {...targetOf(href)}>
            {words}
          </a>
        ) : (
          words
        ),
      )}
    </>
  );
}

/** A page of the same shop opens here, and the conversation goes on there. */
function targetOf(href: string): { target?: "_blank" } {
  const isOwn = href.startsWith(`${location.origin}/`);
  return isOwn || !href.startsWith("http") ? {} : { target: "_blank" };
}
