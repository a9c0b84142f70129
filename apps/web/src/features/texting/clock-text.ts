/** "08:30" from minutes after midnight; midnight at the end of a day is "00:00". */
export function toClock(minutes: number): string {
  const whole = minutes % 1440;
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

/** Minutes after midnight; what was there before where nothing whole is typed. */
export function fromClock(text: string, before: number): number {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return before;
  return Number(match[1]) * 60 + Number(match[2]);
}
