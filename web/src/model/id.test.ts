import { expect, test } from "vitest";
import { compareIds, idAt, isNewer, madeAt } from "./id";

test("ids are ordered by age, however many digits they have", () => {
  expect(["1000", "999", "1001"].sort(compareIds)).toEqual(["999", "1000", "1001"]);
  expect(isNewer("5", null)).toBe(true);
  expect(isNewer(null, "5")).toBe(false);
  expect(isNewer("5", "5")).toBe(false);
});

test("an id tells when it was made", () => {
  // The example of Discord's documentation.
  expect(madeAt("175928847299117063")).toBe(1_462_015_105_796);
  expect(madeAt(idAt(1_462_015_105_796))).toBe(1_462_015_105_796);
  expect(madeAt("no id")).toBe(0);
});
