/** The whole workspace. */

import { useEffect } from "preact/hooks";
import { listenToKeys } from "./commands";
import { Conversation } from "./conversation";
import { useDesk } from "./desk";
import { List } from "./list";
import { LostBand } from "./lost";
import { Notices } from "./notices";
import { Rail, TabBar } from "./rail";
import { Sheets } from "./sheets";
import { Site } from "./site";
import { ToastList } from "./toast-list";
import { TopBar } from "./topbar";
import { Visitor } from "./visitor";

export function App() {
  const desk = useDesk();
  const { state } = desk;
  useEffect(() => listenToKeys(desk), [desk]);
  return (
    <div class="app" data-view={state.view.value}>
      <Rail />
      <TopBar />
      <main class="main">
        <h1 class="vh">{desk.t("workspace")}</h1>
        <LostBand />
        <Notices />
        {desk.visits.isOpen.value ? (
          <Site />
        ) : (
          <div class={state.isDrawerOpen.value ? "panes drawer" : "panes"}>
            <List />
            <Conversation />
            <Visitor />
          </div>
        )}
      </main>
      <TabBar />
      <Sheets />
      <ToastList />
    </div>
  );
}
