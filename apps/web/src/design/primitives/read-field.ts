/** One text field of a submitted form, without the spaces around it. */
export function readField(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A code as it was typed: "123 456" is "123456". */
export function readCode(data: FormData, name: string): string {
  return readField(data, name).replaceAll(/\s/g, '');
}
