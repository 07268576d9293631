import type { Colleague } from "./chat";

export type TemplateCategory = "utility" | "authentication" | "marketing";

export type ValueKind = "first_name" | "protocol" | "number" | "date" | "link" | "code" | "words";

export type TemplateValue = { kind: ValueKind; example: string };

export type TemplateButton = { text: string; url: string | null };

/** The words; `{{1}}`, `{{2}}`, … in the body stand for the values. */
export type TemplateContent = {
  header: string | null;
  body: string;
  footer: string | null;
  buttons: TemplateButton[];
  values: TemplateValue[];
};

export type TemplateDraft = {
  purpose: string;
  category: TemplateCategory;
  content: TemplateContent;
  language: "pt_BR";
};

export type TemplateFault = {
  code: string;
  part: "header" | "body" | "footer" | "buttons" | "values";
  words: string;
};

export type TemplateStep = {
  step:
    | "written"
    | "proposed"
    | "returned"
    | "released"
    | "submitted"
    | "refused"
    | "told"
    | "fallback_set"
    | "ended";
  by: Colleague | null;
  what: string | null;
  at: string;
};

export type MetaStatus =
  "unsent" | "refused" | "PENDING" | "APPROVED" | "REJECTED" | "PAUSED" | "DISABLED" | "DELETED" | "MISSING";

/** A template, and what Meta says of it. */
export type MessageTemplate = {
  id: string;
  purpose: string;
  version: number;
  name: string;
  language: string;
  category: TemplateCategory;
  content: TemplateContent;
  state: "draft" | "proposed" | "released" | "ended";
  is_product: boolean;
  author: Colleague | null;
  faults: TemplateFault[];
  meta_status: MetaStatus;
  meta_category: string | null;
  meta_reason: string | null;
  quality: "GREEN" | "YELLOW" | "RED" | "UNKNOWN";
  is_sent: boolean;
  fallback_id: string | null;
  steps: TemplateStep[];
};
