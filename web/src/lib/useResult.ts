import { useEffect, useState } from "react";

/** What `work` comes to; undefined while it is at it. Another `work` starts anew, so callers keep theirs (`useCallback`). */
export function useResult<Result>(work: () => Promise<Result>): Result | undefined {
  const [done, setDone] = useState<{ work: typeof work; result: Result }>();
  useEffect(() => {
    let gone = false;
    void work().then((result) => {
      if (!gone) setDone({ work, result });
    });
    return () => {
      gone = true;
    };
  }, [work]);
  return done?.work === work ? done.result : undefined;
}
