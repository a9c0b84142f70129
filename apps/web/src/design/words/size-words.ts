/** "640 KB", "2.4 MB": decimal units, as files are shown everywhere else. */
export function sizeWords(sizeBytes: number, locale = 'en'): string {
  const [value, unit] =
    sizeBytes < 1000
      ? [sizeBytes, 'byte']
      : sizeBytes < 1_000_000
        ? [sizeBytes / 1000, 'kilobyte']
        : [sizeBytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: String(unit),
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: Number(value) < 10 && unit === 'megabyte' ? 1 : 0,
  }).format(Number(value));
}
