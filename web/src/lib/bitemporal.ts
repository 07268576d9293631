/** What was told with two times: on which days it holds, and when it was believed. */
export type TwoTimes = {
  valid_from: string;
  valid_until: string | null;
  known_from: string;
  known_until: string | null;
};

/** What held on a day, as it was known at a moment. `day` is `aaaa-mm-dd`; ends are the first moment that does not belong. */
export function asOf<Told extends TwoTimes>(told: readonly Told[], day: string, known: Date): Told[] {
  return told.filter(
    (one) =>
      one.valid_from <= day &&
      (one.valid_until === null || day < one.valid_until) &&
      Date.parse(one.known_from) <= known.getTime() &&
      (one.known_until === null || known.getTime() < Date.parse(one.known_until)),
  );
}
