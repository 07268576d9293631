/** The colours of the app that members know; they are the same whatever theme AUSTA has. */
export const WHATSAPP = {
  header: "#008069",
  wallpaper: "#EFEAE2",
  mine: "#D9FDD3",
  theirs: "#FFFFFF",
  ink: "#111B21",
  faint: "#54656F",
  link: "#006E5A",
  read: "#0277BD",
  bar: "#F0F2F5",
} as const;
