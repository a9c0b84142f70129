import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from './config.ts';
import type { DataFolder } from './data-folder.ts';

/** `<dataDir>/demo/links.json`, written by the station. */
const demoLinks = z.object({
  links: z.array(z.object({ name: z.string(), job: z.string(), url: z.string() })),
  patients: z.array(z.object({ name: z.string(), url: z.string(), code: z.string() })).default([]),
});

/** What is said once, when everything is ready. */
export function renderBanner(config: Config, folder: DataFolder, demo: boolean): string {
  const database =
    config.databaseUrl === null ? 'with its own PostgreSQL' : 'PostgreSQL: as BATON_DATABASE_URL says';
  const lines = [
    '',
    'Baton is ready.',
    '',
    `  Open  ${config.publicUrl}`,
    `  Data  ${folder.root} (${database})`,
  ];
  const { links, patients } = demo ? readDemoLinks(folder) : NO_LINKS;
  if (demo) {
    lines.push('  Demo  Harbor Family Practice: made-up people, no real records');
    lines.push(
      `  Texts http://localhost:${config.stationListener.port}/sms/phones  the patients' phones, simulated`,
    );
  }
  if (links.length > 0) {
    const width = Math.max(...links.map((link) => link.name.length + link.job.length + 2));
    lines.push('', '  Sign in as');
    for (const { name, job, url } of links) lines.push(`    ${`${name}, ${job}`.padEnd(width)}  ${url}`);
  }
  if (patients.length > 0) {
    lines.push('', '  Come in as a patient, by link and code');
    for (const { name, url, code } of patients) lines.push(`    ${name}  ${url}`, `      code ${code}`);
  }
  if (!demo) lines.push('', '  To set up a new organisation: node apps/baton/src/main.ts admin init');
  lines.push('', 'Stop with Ctrl-C.', '');
  return lines.join('\n');
}

const NO_LINKS: z.infer<typeof demoLinks> = { links: [], patients: [] };

function readDemoLinks(folder: DataFolder): z.infer<typeof demoLinks> {
  try {
    return demoLinks.parse(JSON.parse(readFileSync(join(folder.demo, 'links.json'), 'utf8')));
  } catch {
    return NO_LINKS;
  }
}
