import { readFileSync } from 'node:fs';
import { fingerprint, type Verdict, verifyBundle } from './bundle.ts';
import { Fault } from './fault.ts';
import { printable, printableLines } from './printable.ts';

// node tools/verify-evidence/verify.ts FILE.zip [--org HASH] [--brief]
// Prints the texts of the messages as they were signed, or with --brief only who wrote and when.
// Ends with 0 where everything holds, 1 where something does not, 2 where it was not asked properly.

const [file, ...options] = process.argv.slice(2);
if (file === undefined || file.startsWith('-')) {
  process.stderr.write('Usage: verify FILE.zip [--org HASH] [--brief]\n');
  process.exit(2);
}

const time = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

function describe(verdict: Verdict): string {
  const { messages, people } = verdict;
  const nameOf = (account: string): string => {
    const person = people.get(account);
    if (person === undefined) return printable(account);
    const name = printable(person.name);
    return person.isProven ? name : `${name} (name as the practice knows it)`;
  };
  const unreceipted = messages.filter(({ hasReceipt }) => !hasReceipt).length;
  const lines = [
    `Everything in this file holds: ${messages.length} messages, ${verdict.fileCount} files.`,
    'record.pdf is not among what is proven: it is how the exporter set it. Read the messages below instead.',
    '',
    `Organisation  ${printable(verdict.orgName)}`,
    `  root        ${fingerprint(verdict.rootHash)}`,
    '              Compare this with what the practice gives as its own. Nothing in the file can prove it.',
    `Conversation  ${printable(verdict.conv)}`,
    `Made          ${time(verdict.madeAt)} by ${nameOf(verdict.madeBy)}`,
    ...(verdict.reason === '' ? [] : [`Reason        ${printable(verdict.reason)}`]),
    `Key log       as the server signed it at ${time(verdict.headAt)}`,
    '',
  ];
  const showsTexts = !options.includes('--brief');
  for (const message of messages) {
    lines.push(
      `${time(message.atMs)}  ${nameOf(message.author)}  ${printable(message.kind)}${message.hasReceipt ? '' : '  (no receipt)'}`,
    );
    if (showsTexts && message.text !== '') lines.push(...printableLines(message.text));
    for (const { name, sizeBytes } of message.attachments)
      lines.push(`    attachment: ${printable(name)}, ${sizeBytes} bytes`);
  }
  lines.push('', 'Not proven by any such file:');
  lines.push("- record.pdf: its words are the exporter's; only that this is the file that the exporter made");
  lines.push('- names of patients: they are as the practice knows them');
  lines.push(
    `- that nothing else was written: by the exporter's count ${verdict.left} messages between the first and the last were left out`,
  );
  lines.push("- the times, beyond the server's signature");
  if (unreceipted > 0) lines.push(`- the times of ${unreceipted} messages at all: they have no receipt`);
  return `${lines.join('\n')}\n`;
}

try {
  const verdict = verifyBundle(readFileSync(file));
  const wanted = options[options.indexOf('--org') + 1]?.replaceAll(/\s/g, '').toLowerCase();
  if (options.includes('--org') && wanted !== verdict.rootHash)
    throw new Fault(3, 'statements[0]', `the organisation is another one: its root is ${verdict.rootHash}`);
  process.stdout.write(describe(verdict));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  process.stdout.write(
    `Check ${error.step} failed at ${printable(error.at)}: ${printable(error.message)}.\nNothing after it was looked at.\n`,
  );
  process.exitCode = 1;
}
