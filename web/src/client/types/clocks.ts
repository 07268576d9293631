/** The states and the Federal District. */
export type Uf =
  | "AC"
  | "AL"
  | "AM"
  | "AP"
  | "BA"
  | "CE"
  | "DF"
  | "ES"
  | "GO"
  | "MA"
  | "MG"
  | "MS"
  | "MT"
  | "PA"
  | "PB"
  | "PE"
  | "PI"
  | "PR"
  | "RJ"
  | "RN"
  | "RO"
  | "RR"
  | "RS"
  | "SC"
  | "SE"
  | "SP"
  | "TO";

export type OwnHoliday = { day: string; name: string; law: string };

/** A weekday on which no term runs. */
export type FreeDay = OwnHoliday & { scope: "national" | "state" | "own" };

export type CalendarRevision = {
  revision: number;
  at: string;
  by: string;
  by_name: string | null;
  reason: string;
  state: Uf | null;
  holidays: number;
};

export type OperatorCalendar = {
  calendar_id: string;
  year: number;
  state: Uf | null;
  /** Days that the state's laws leave in doubt, which count, and why. */
  left_out: string;
  days: FreeDay[];
  own: OwnHoliday[];
  revisions: CalendarRevision[];
  open_terms: number;
};

export type CalendarChange = {
  seen: string;
  state: Uf | null;
  add: OwnHoliday[];
  remove: OwnHoliday[];
  reason: string;
};
