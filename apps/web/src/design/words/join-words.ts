/** "Follow-up · Luz Rivera · Room 3": what is there of these. */
export function joinWords(parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ');
}
