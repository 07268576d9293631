export type CursorPage<Item> = { items: Item[]; next_cursor: string | null };
