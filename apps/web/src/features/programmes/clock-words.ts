/** Minutes after midnight as "08:05", for time fields and lists. */
export function clockWords(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** What a time field says, as minutes after midnight; what it was where it says nothing. */
export function minuteOf(clock: string, before: number): number {
  const match = /^(\d{2}):(\d{2})/.exec(clock);
  return match ? Number(match[1]) * 60 + Number(match[2]) : before;
}
