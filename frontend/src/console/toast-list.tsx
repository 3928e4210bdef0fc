/** Shows the short words at the foot of the page, and speaks them. */

import { useDesk } from "./desk";
import type { Toast } from "./state";

export function ToastList() {
  const { state } = useDesk();
  const all = state.toasts.value;
  return (
    <div class="toasts">
      <div role="status">
        {all
          .filter((toast) => !toast.isBad)
          .map((toast) => (
            <Item key={toast.id} toast={toast} />
          ))}
      </div>
      <div role="alert">
        {all
          .filter((toast) => toast.isBad)
          .map((toast) => (
            <Item key={toast.id} toast={toast} />
          ))}
      </div>
      <div role="status" class="vh">
        {state.spoken.value}
      </div>
    </div>
  );
}

function Item({ toast }: { toast: Toast }) {
  const { toasts, t } = useDesk();
  const { undo, show } = toast;
  return (
    <div class={toast.isBad ? "toast bad" : "toast"}>
      <span class="grow">{toast.text}</span>
      {undo && (
        <button
          type="button"
          onClick={() => {
            toasts.drop(toast.id);
            undo();
          }}
        >
          {t("undo")}
        </button>
      )}
      {show && (
        <button
          type="button"
          onClick={() => {
            toasts.drop(toast.id);
            show();
          }}
        >
          {t("show_dialog")}
        </button>
      )}
      {toast.isBad && (
        <button type="button" onClick={() => toasts.drop(toast.id)}>
          {t("dismiss")}
        </button>
      )}
    </div>
  );
}
