/** Edits that a typed word may be away from what is meant: none in short words, where another word is too near. */
export function typosAllowed(term: string): number | boolean {
  if (term.length < 4 || /^\d/.test(term)) return false;
  return term.length < 6 ? 1 : 2;
}
