/** The comparison of full-size results on the stage: none, one beside the photo, or two. */

/** A full-size result, with the words that stand on it. */
export interface ShownResult {
  readonly id: string;
  readonly url: string;
  readonly label: string;
}

/** Add a result as the last of two at most, or take it away if it is shown. */
export function toggled(
  compared: readonly ShownResult[],
  result: ShownResult,
): readonly ShownResult[] {
  const others = compared.filter(({ id }) => id !== result.id);
  return others.length < compared.length ? others : [...others.slice(0, 1), result];
}
