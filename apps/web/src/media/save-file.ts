/** Saves a file under its name. `release` is called later with the task that frees the memory: the browser reads the address on its own time. */
export function saveFile(content: Blob, name: string, release: (task: () => void) => void): void {
  // Without a type of its own: whatever it is, it is saved and not opened in this origin.
  const address = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  release(() => URL.revokeObjectURL(address));
}
