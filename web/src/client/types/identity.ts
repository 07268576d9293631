export type Role =
  | "administrator"
  | "authorization_analyst"
  | "nurse_auditor"
  | "medical_auditor"
  | "technical_director"
  | "care_coordinator"
  | "data_protection_officer"
  | "ombudsman"
  | "provider_clerk"
  | "tiebreaker";

export type Council = {
  council: "CRM" | "COREN" | "CRO" | "CREFITO" | "CRP" | "CRN" | "CRF" | "CRFA";
  uf: string;
  number: string;
};

/** A staff person. `active` is false before the invitation is accepted and after leaving. */
export type Principal = {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  council: Council | null;
  active: boolean;
  /** The hospital or clinic for which a clerk acts; null for staff. */
  provider_id: string | null;
};

export type Session = {
  principal: Omit<Principal, "active">;
  operator: { id: string; name: string };
  expires_at: string;
  /** Actions of the server's policy that this person may do at all; each act is checked again. */
  may: string[];
};

export type NewStaff = {
  name: string;
  email: string;
  roles: Role[];
  council: Council | null;
};

export type Assignee = { id: string; name: string };
