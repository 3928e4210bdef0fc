// What pages gain with a script; every one of them works without it.

const ways = new Map(
  Array.from(document.querySelectorAll("[data-way]"), (way) => [way.dataset.way, way.dataset]),
);

// The sums of the checkout follow the chosen delivery.
function showSums(way) {
  const cost = ways.get(way);
  if (!cost) return;
  for (const place of document.querySelectorAll("[data-sum]")) {
    place.textContent = cost[place.dataset.sum];
  }
}

for (const radio of document.querySelectorAll('input[name="delivery"]')) {
  radio.addEventListener("change", () => showSums(radio.value));
  if (radio.checked) showSums(radio.value);
}

// The menu of narrow screens closes like any other menu.
const menu = document.querySelector(".menu");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// On a narrow screen the first field that was refused may be far below.
document.querySelector('[aria-invalid="true"]')?.focus();

// The chat put something into the cart, or an operator did: show the cart of now.
addEventListener("chatdesk:cart", async () => {
  const link = document.querySelector("[data-cart]");
  const answer = await fetch(link.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isCart = location.pathname === new URL(link.href).pathname;
  for (const place of isCart ? ["[data-cart]", "main"] : ["[data-cart]"]) {
    document.querySelector(place)?.replaceWith(fresh.querySelector(place));
  }
});
