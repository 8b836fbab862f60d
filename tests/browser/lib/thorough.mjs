// What is long by nature. docs/testing.md says what the quick run takes of it, and why that is
// enough from one change to the next.

/** Whether all of it is run: before a release, and whenever somebody asks. */
export const THOROUGH = process.env.SPRO_THOROUGH === "1";

/** All of a sweep, or those that the quick run takes: `isTaken(one, index)`. */
export const sweep = (all, isTaken) => (THOROUGH ? all : all.filter(isTaken));

/** Says how much of a sweep was run. */
export const tell = (t, ran, all, what) => t.diagnostic(`${ran} of ${all} ${what}${ran < all ? ": the others with SPRO_THOROUGH=1" : ""}`);
