import type { SerializedError } from "@reduxjs/toolkit";

/** An error of the API (RFC 9457). `code` is stable: `module.what_is_wrong`. */
export type Problem = {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code: string;
  /** Fields that the server cannot take, as `items.0.tuss`, with an English word on each. */
  errors?: readonly { field: string; problem: string }[];
  /** What the code is about: names of what a decision still needs, or of what speaks against a board. */
  details?: { lacking?: readonly string[]; against?: readonly string[] };
};

/** Codes of failures that never reached the server, beside the server's own. */
export const OFFLINE = "web.offline";
export const BAD_ANSWER = "web.answer_not_understood";

/** The problem inside whatever RTK Query reports. */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  const message = (error as SerializedError | undefined)?.message;
  return message === undefined
    ? { status: 0, code: BAD_ANSWER }
    : { status: 0, code: BAD_ANSWER, detail: message };
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error && "status" in error;
}
