/** Whether there is room for one pane only. */
export function isNarrow(): boolean {
  return matchMedia("(max-width: 720px)").matches;
}
