// Where a rule does not hold because its purpose is met there. Each with its reason; one that nobody uses any more is
// itself a violation (rule "waivers").

export interface Allowance {
  /** A file, or a folder with a slash at the end. */
  readonly path: string;
  readonly reason: string;
}

/** The adapters: the only places with a wall clock, randomness and timers of their own. */
export const CLOCK_ADAPTERS: readonly Allowance[] = [
  { path: 'packages/client-node/src/', reason: 'the adapters of the client for Node: files, sockets, keys' },
  { path: 'packages/client-web/src/', reason: 'the adapters of the client for the browser' },
  {
    path: 'packages/server/src/adapters/',
    reason: 'the adapters of the server: clock, timers, randomness, keys',
  },
  {
    path: 'packages/server/src/store/migrate.ts',
    reason: 'waits for the migration of a server started beside it',
  },
  {
    path: 'packages/embedded-postgres/src/',
    reason: 'supervises a real process: waits for it, names its folders',
  },
  { path: 'apps/baton/src/', reason: 'starts, watches and stops the real processes' },
  {
    path: 'apps/web/src/design/session/',
    reason: 'the one clock of the screens, and pauses of the announcements',
  },
  {
    path: 'bridges/sms/src/simulator/page/',
    reason: 'a page of its own in a browser, which asks once a second what is new',
  },
  {
    path: 'apps/web/src/patient/system/clock.ts',
    reason: "the one clock of the patient's page",
  },
  { path: 'apps/web/dev/', reason: 'plays the client in the gallery, delays and all' },
];

/** One file per process that reads the environment; everybody else gets the parsed settings. */
export const ENV_READERS: readonly Allowance[] = [
  { path: 'apps/baton/src/config.ts', reason: 'the settings of baton, parsed once' },
  { path: 'apps/station/src/config.ts', reason: 'the settings of the station, parsed once' },
  {
    path: 'packages/testkit/src/browser/find-chromium.ts',
    reason: 'CHROMIUM_PATH, and the surroundings of the browser that it starts',
  },
  { path: 'tools/src/stages/command.ts', reason: 'hands the environment on to the tools it starts' },
  { path: 'tools/src/setup/made-checkout.ts', reason: 'hands PATH on to the set-up under test' },
];

export interface ExportAllowance {
  readonly path: string;
  readonly names: readonly string[];
  readonly reason: string;
}

/** Values that stay although nothing that ships takes them by an import. */
export const UNUSED_EXPORTS: readonly ExportAllowance[] = [];

export interface Waiver {
  readonly rule: string;
  readonly file: string;
  readonly reason: string;
}

/** Single exceptions to the other rules. Keep it short: a long list is a rule that should change. */
export const WAIVERS: readonly Waiver[] = [
  {
    rule: 'budgets',
    file: 'packages/policy/src/texting/fixtures/revocation-phrases.ts',
    reason: 'a list of phrases, one a line: nothing in it is read from top to bottom',
  },
];

/** True when `file` is the allowed file or lies below the allowed folder. */
export function covers(allowance: Allowance, file: string): boolean {
  return allowance.path.endsWith('/') ? file.startsWith(allowance.path) : file === allowance.path;
}
