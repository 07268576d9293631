import { expect, it } from "vitest";

import { maskBirthDate, readBirthDate } from "./birthDate";

it("puts the slashes while a person types digits", () => {
  expect(maskBirthDate("0903")).toBe("09/03");
  expect(maskBirthDate("09031962x9")).toBe("09/03/1962");
});

it("reads a day of the calendar and nothing else", () => {
  expect(readBirthDate("09/03/1962")).toBe("1962-03-09");
  expect(readBirthDate("31/02/1962")).toBeNull();
  expect(readBirthDate("9/3/62")).toBeNull();
});
