import { expect, test } from "vitest";
import { Session } from "./session";

const frame = (op: number, d: unknown = null, t: string | null = null, s: number | null = null) => JSON.stringify({ op, d, t, s });
const hello = frame(10, { heartbeat_interval: 1000 });
const ready = frame(0, { session_id: "abc" }, "READY", 1);

function opened(): Session {
  const session = new Session("token", () => 0.5);
  session.received(hello);
  session.received(ready);
  return session;
}

test("who is greeted introduces itself, and beats", () => {
  const actions = new Session("token", () => 0.5).received(hello);
  expect(actions[0]).toEqual({ do: "beat", everyMs: 1000, firstMs: 500 });
  expect(actions[1]).toMatchObject({ do: "send", payload: { op: 2, d: { token: "token" } } });
});

test("who was cut off goes on where it was", () => {
  const session = opened();
  session.received(frame(0, {}, "TYPING_START", 2));
  expect(session.closed(1006)).toEqual([{ do: "return", afterMs: 375 }]);
  expect(session.received(hello)[1]).toEqual({ do: "send", payload: { op: 6, d: { token: "token", session_id: "abc", seq: 2 } } });
});

test("who cannot go on begins anew", () => {
  const session = opened();
  session.closed(1006);
  session.received(hello);
  expect(session.received(frame(9, false))[0]).toMatchObject({ payload: { op: 2 } });
});

test("who is asked to come back does so at once", () => {
  expect(opened().received(frame(7))).toEqual([{ do: "return", afterMs: 0 }]);
});

test("a sign of life that is not answered means that nobody is there", () => {
  const session = opened();
  expect(session.beat()).toEqual([{ do: "send", payload: { op: 1, d: 1 } }]);
  expect(session.beat()[0]).toMatchObject({ do: "return" });
});

test("a token that opens nothing signs out", () => {
  expect(opened().closed(4004)).toEqual([{ do: "signOut" }]);
});

test("pauses grow, and end somewhere", () => {
  const session = new Session("token", () => 1);
  const pauses = Array.from({ length: 9 }, () => session.closed(1006)[0]).map((action) => (action as { afterMs: number }).afterMs);
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000]);
});
