import { PointerEventsCheckLevel, userEvent } from "@testing-library/user-event";

/** A person at the keyboard and mouse, without pauses and without asking jsdom for the style of every ancestor. */
export const user = userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });

/** Writes a whole text at once, as pasting does. */
export async function fill(field: HTMLElement, text: string): Promise<void> {
  await user.click(field);
  await user.paste(text);
}
