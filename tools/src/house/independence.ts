import { codeFiles, importsOf } from './sources.ts';
import type { Check } from './violation.ts';

const FOLDER = 'tools/verify-evidence/';

/** The verifier of evidence proves something only as long as it is written from the documents and not from the code that it judges. */
export const independence: Check = {
  rule: 'independence',
  run(repo) {
    return codeFiles(repo)
      .filter((file) => file.startsWith(FOLDER))
      .flatMap((file) =>
        importsOf(repo, file)
          .filter(({ specifier }) => !/^(?:\.\/|node:|fflate$)/.test(specifier))
          .map(({ specifier, line }) => ({
            file,
            line,
            rule: 'independence' as const,
            what: `imports ${specifier}.`,
            why: 'A verifier that shares code with what it verifies shares its mistakes.',
            todo: "Write it from docs/protocol, with Node's own cryptography.",
          })),
      );
  },
};
