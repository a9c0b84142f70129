/** One place where the code breaks a rule of STYLE.md, said so that a newcomer can mend it. */
export interface Violation {
  /** Relative path, forward slashes. */
  readonly file: string;
  /** 1-based; 0 where the whole file or folder is meant. */
  readonly line: number;
  readonly rule: RuleName;
  /** What is wrong here. */
  readonly what: string;
  /** Why the rule exists. */
  readonly why: string;
  readonly todo: string;
}

export type RuleName =
  | 'agents'
  | 'independence'
  | 'budgets'
  | 'clock'
  | 'cycles'
  | 'dependencies'
  | 'documents'
  | 'env'
  | 'exports'
  | 'index'
  | 'layers'
  | 'leftovers'
  | 'licences'
  | 'machine-paths'
  | 'mocks'
  | 'names'
  | 'references'
  | 'server-layers'
  | 'type-coverage'
  | 'waivers'
  | 'web-layers';

export interface Check {
  readonly rule: RuleName;
  run(repo: Repo): Violation[];
}

/** The files a check may look at; in tests, a handful of made-up ones. */
export interface Repo {
  /** Sorted relative paths. */
  readonly files: readonly string[];
  has(path: string): boolean;
  read(path: string): string;
  /** What an installed package says its licence is, by its place in the lock file; undefined when not installed. */
  installedLicence(place: string): string | undefined;
}

export function formatViolation(violation: Violation): string {
  const where = violation.line > 0 ? `${violation.file}:${violation.line}` : violation.file;
  return `${where}  [${violation.rule}] ${violation.what}\n    why: ${violation.why}\n    do:  ${violation.todo}`;
}
