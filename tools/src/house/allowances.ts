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

/** Values that stay although nothing that ships takes them. */
export const UNUSED_EXPORTS: readonly ExportAllowance[] = [
  {
    path: 'packages/crypto/src/custodian/shares.ts',
    names: ['parseCustodianShare', 'joinCustodianSeed'],
    reason: 'the way back from the shares that set-up prints; no command joins them yet (SECURITY.md)',
  },
  {
    path: 'packages/crypto/src/signing/signed-objects.ts',
    names: ['signCosignature'],
    reason: "a witness's side of what the server takes; there is no witness yet (SECURITY.md)",
  },
  {
    path: 'packages/ledger/src/tree-heads.ts',
    names: ['checkHeadExtends', 'verifyConversationHead'],
    reason: "proofs that the server's heads are made for; clients ask for none yet (SECURITY.md)",
  },
  {
    path: 'packages/ledger/src/audit-log.ts',
    names: ['checkCheckpointExtends'],
    reason: 'the same of the audit log: the reader grows its whole tree',
  },
  {
    path: 'packages/ledger/src/merkle/sparse-map.ts',
    names: ['proveInMap'],
    reason: 'the other side of those proofs, by which the tests of verifying are made',
  },
  {
    path: 'packages/ledger/src/keylog/invitation-chain.ts',
    names: ['checkInvitationChain'],
    reason: 'the chain of an invitation in one call, as frozen in protocol/vectors',
  },
  {
    path: 'packages/ledger/src/sealed-check.ts',
    names: ['checkEnvelope', 'checkPut'],
    reason: 'bytes in, verdict out: what the vectors are checked with; clients have decoded before',
  },
  {
    path: 'packages/crypto/src/files/file.ts',
    names: ['openFile'],
    reason: 'a file in memory: what the stream of parts is compared with',
  },
  {
    path: 'packages/crypto/src/generations/history.ts',
    names: ['walkHistory'],
    reason: 'the whole way back, as frozen in protocol/vectors; clients go step by step',
  },
  {
    path: 'packages/crypto/src/sealed/put.ts',
    names: ['checkAndUnsealPut'],
    reason: 'the pair of checkAndUnsealEnvelope',
  },
  { path: 'packages/kernel/src/bytes.ts', names: ['encodeUint32'], reason: 'the pair of encodeUint64' },
  {
    path: 'packages/policy/src/permissions/permission-table.ts',
    names: ['ACTIONS'],
    reason: 'every act, for tests that go through all of them',
  },
  {
    path: 'packages/policy/src/texting/keywords.ts',
    names: ['PROMPT_CHOICES'],
    reason: 'what may be offered, held against what carriers act on by a test',
  },
  {
    path: 'packages/policy/src/duty/check-schedule.ts',
    names: ['checkSchedule'],
    reason: 'gaps of the next 14 days with covers and availability; the editor shows those of the week alone',
  },
  {
    path: 'packages/policy/src/texting/text-words.ts',
    names: ['TEXT_WORDS_VERSION'],
    reason: 'names these words where they are signed off; nothing keeps it with a text yet',
  },
  {
    path: 'packages/clinical/src/reminders/default-steps.ts',
    names: ['REMINDER_STEPS_VERSION'],
    reason: 'likewise',
  },
  {
    path: 'packages/clinical/src/reminders/reply-texts.ts',
    names: ['REPLY_TEXTS_VERSION'],
    reason: 'likewise',
  },
  {
    path: 'packages/clinical/src/triage/triage-content.ts',
    names: ['triageContent'],
    reason: 'what a practice would sign off, and the hash that a test freezes',
  },
  {
    path: 'packages/clinical/src/check-ins/explore/explore-protocol.ts',
    names: ['exploredStates'],
    reason: 'every state of a protocol, for tests that start from each',
  },
  {
    path: 'agents/check-ins/src/shadow/shadow-model.ts',
    names: ['reportShadow'],
    reason: 'the figures by which holding back would be decided; no screen asks for them yet',
  },
  {
    path: 'bridges/fhir/src/manifest.ts',
    names: ['FHIR_MANIFEST'],
    reason: 'what the interface is invited with; the demo has no record system',
  },
  { path: 'bridges/hl7v2/src/manifest.ts', names: ['HL7V2_MANIFEST'], reason: 'likewise' },
  {
    path: 'packages/server/src/store/attempts.ts',
    names: ['listAttempts'],
    reason: 'what was tried for one baton, for tests: SQL is in store/ only',
  },
  {
    path: 'tools/src/house/repo.ts',
    names: ['repoOf'],
    reason: 'a made-up repository for the tests of the checks',
  },
  {
    path: 'tools/src/setup/made-checkout.ts',
    names: ['MadeCheckout'],
    reason: 'a made checkout for the tests of the set-up',
  },
];

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
