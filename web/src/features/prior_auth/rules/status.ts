import type { RuleStatus } from "@/client/types/rules";
import type { Tone } from "@/ui/Tag";

export const STATUS_TONE: Record<RuleStatus, Tone> = {
  draft: "quiet",
  proposed: "doubt",
  scheduled: "doubt",
  active: "good",
  superseded: "quiet",
  expired: "quiet",
  withdrawn: "quiet",
};
