import { describe, expect, it } from "vitest";
import { TopBar } from "../../src/console/topbar";
import { makeDesk } from "./make";
import { byText, click, find, settle, show } from "./render";

const NOVEMBER = { month: "2026-11", sums: ["€52.10"] };
const OCTOBER = { month: "2026-10", sums: ["€310.00", "12.00 USD"] };

function withSums(...earned: (typeof NOVEMBER)[]) {
  const desk = makeDesk({ "operator/session/": { day: {}, earned } });
  desk.state.earned.value = earned;
  return desk;
}

describe("the operator's commission", () => {
  it("stands in the bar with this month's sum", () => {
    const place = show(withSums(NOVEMBER, OCTOBER), <TopBar />);
    expect(find(place, ".topb").textContent).toContain("Commission €52.10");
    expect(place.textContent).not.toContain("€310.00");
  });

  it("is told by month in the menu, every currency of it", async () => {
    const place = show(withSums(NOVEMBER, OCTOBER), <TopBar />);
    const [account] = [...place.querySelectorAll("[aria-expanded]")].slice(-1);
    await click(account as HTMLElement);
    expect(place.textContent).toContain("€310.00 + 12.00 USD");
  });

  it("is not spoken of where nothing may be seen", () => {
    expect(show(withSums(), <TopBar />).textContent).not.toContain("Commission");
  });

  it("follows what the server says now, however lately it was asked", async () => {
    const desk = withSums({ ...NOVEMBER, sums: ["€0.00"] });
    desk.state.earned.value = [NOVEMBER];
    const place = show(desk, <TopBar />);
    await desk.actions.readDay();
    await desk.actions.readDay();
    await settle();
    expect(byText(place, "b", "€0.00")).toBeTruthy();
    expect(desk.asked.length).toBe(2);
  });
});
