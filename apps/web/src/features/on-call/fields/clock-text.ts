/** Minutes after midnight as "07:30". */
export function clockText(minute: number): string {
  const hours = Math.floor(minute / 60) % 24;
  return `${String(hours).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** "7", "07", "730", "0730", "7:30", "24:00" as minutes after midnight; null for what is no time. */
export function readClock(text: string): number | null {
  const match = /^(\d{1,2})(?::?(\d{2}))?$/.exec(text.trim());
  if (match === null) return null;
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? '0');
  if (hours === 24 && minutes === 0) return 0;
  return hours > 23 || minutes > 59 ? null : hours * 60 + minutes;
}
