export type OwnHoliday = { day: string; name: string; law: string };

/** A weekday on which no term runs. */
export type FreeDay = OwnHoliday & { scope: "national" | "state" | "own" };

export type CalendarRevision = {
  revision: number;
  at: string;
  by: string;
  by_name: string | null;
  reason: string;
  state: string | null;
  holidays: number;
};

export type OperatorCalendar = {
  calendar_id: string;
  year: number;
  state: string | null;
  /** Days that the state's laws leave in doubt, which count, and why. */
  left_out: string;
  days: FreeDay[];
  own: OwnHoliday[];
  revisions: CalendarRevision[];
  open_terms: number;
};

export type CalendarChange = {
  seen: string;
  state: string | null;
  add: OwnHoliday[];
  remove: OwnHoliday[];
  reason: string;
};
