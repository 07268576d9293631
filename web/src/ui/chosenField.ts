/** A paper of a case that was filed with AUSTA. */
export type Paper = { id: string; kind: string };

/** A field somebody pointed at, in the list or on the page; `turn` lets the same one flash again. */
export type ChosenField = {
  documentId: string;
  fieldId: string;
  from: "list" | "page";
  turn: number;
};

export type ChooseField = (documentId: string, fieldId: string, from: ChosenField["from"]) => void;

export const FLASH = {
  "@keyframes austa-flash": {
    "0%, 60%": { backgroundColor: "color-mix(in srgb, var(--mui-palette-primary-main) 38%, transparent)" },
    "30%, 100%": { backgroundColor: "transparent" },
  },
  animation: "austa-flash 900ms ease-out 1",
} as const;
