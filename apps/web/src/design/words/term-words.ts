/** A term of SNOMED CT without its hierarchy: "Anemia (disorder)" is "Anemia" to who reads it (SNOMED CT Editorial Guide, fully specified names). */
export function termWords(text: string): string {
  return text.replace(/\s\((?:disorder|finding|procedure|situation|observable entity|event)\)$/, '');
}
