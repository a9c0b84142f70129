/** A line for the person who started the server; nothing that a log keeps. */
export function writeToTerminal(line: string): void {
  process.stdout.write(line);
}
