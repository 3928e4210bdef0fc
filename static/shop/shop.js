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
