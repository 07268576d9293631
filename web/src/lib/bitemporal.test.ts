import { expect, it } from "vitest";

import { asOf } from "./bitemporal";

const TOLD = [
  // Told in January: active. In March somebody learns that it was suspended since February.
  {
    status: "active",
    valid_from: "2026-01-01",
    valid_until: null,
    known_from: "2026-01-01T12:00:00Z",
    known_until: "2026-03-10T12:00:00Z",
  },
  {
    status: "active",
    valid_from: "2026-01-01",
    valid_until: "2026-02-01",
    known_from: "2026-03-10T12:00:00Z",
    known_until: null,
  },
  {
    status: "suspended",
    valid_from: "2026-02-01",
    valid_until: null,
    known_from: "2026-03-10T12:00:00Z",
    known_until: null,
  },
];

const status = (day: string, known: string) => asOf(TOLD, day, new Date(known)).map((one) => one.status);

it("tells what was believed then, and what is known now, of the same day", () => {
  expect(status("2026-02-15", "2026-02-20T00:00:00Z")).toEqual(["active"]);
  expect(status("2026-02-15", "2026-03-11T00:00:00Z")).toEqual(["suspended"]);
  expect(status("2026-01-31", "2026-03-11T00:00:00Z")).toEqual(["active"]);
  expect(status("2025-12-31", "2026-03-11T00:00:00Z")).toEqual([]);
  expect(status("2026-02-15", "2025-12-01T00:00:00Z")).toEqual([]);
});
