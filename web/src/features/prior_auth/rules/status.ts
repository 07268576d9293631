import type { Role } from "@/client/types/identity";
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

/** Who may write and propose tables, and who may put them in force. The server decides; this only says what to offer. */
export const WRITERS: readonly Role[] = ["administrator", "medical_auditor", "technical_director"];
export const ACTIVATORS: readonly Role[] = ["technical_director"];
