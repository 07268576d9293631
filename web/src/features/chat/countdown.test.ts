import { expect, it } from "vitest";

import { countdown } from "./countdown";

const NOW = Date.parse("2026-11-18T14:00:00Z");

it("counts down to the due time and then up", () => {
  expect(countdown("2026-11-18T14:01:50Z", NOW)).toEqual({ late: false, text: "01:50" });
  expect(countdown("2026-11-18T13:58:55Z", NOW)).toEqual({ late: true, text: "01:05" });
  expect(countdown("2026-11-18T15:01:05Z", NOW)).toEqual({ late: false, text: "1:01:05" });
});
