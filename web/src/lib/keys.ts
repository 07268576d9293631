import { useEffect, useEffectEvent } from "react";

/** Keys of a page: the value of `KeyboardEvent.key`, in lower case for letters. */
export type KeyActions = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Listens for single keys while nobody is typing and no dialog is open. */
export function useKeys(actions: KeyActions, enabled = true): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || isDialogOpen()) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    if ((event.key === "Enter" || event.key === " ") && isControl(event.target)) return;
    event.preventDefault();
    action(event);
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Enter and Space belong to the control that has the focus. */
function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("a, button, input, [role=button], [role=tab], [role=checkbox], [role=combobox]") !== null
  );
}

/** An open dialog, menu or list takes the keys. */
function isDialogOpen(): boolean {
  return (
    document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"], [role="listbox"]') !== null
  );
}
