import { codeFiles, importsOf, isScene, isTest, resolveRelative } from './sources.ts';
import { roomOf, whyForbidden } from './street-plan.ts';
import type { Check, Repo, Violation } from './violation.ts';
import { lineOfKey, manifests, splitSpecifier, workspaceOf } from './workspace.ts';

const WHY =
  'The client wing can read content and the server wing cannot; layers keep every package understandable alone.';
const REMEDY =
  'Move the code down to a shared layer, or let the need arrive as a port (an interface of the lower one).';

/** Direction of layers and wings, in package.json and in every import. Tests may look anywhere, through the index. */
export const layers: Check = {
  rule: 'layers',
  run: (repo) => [
    ...unknownRooms(repo),
    ...manifestEdges(repo),
    ...importEdges(repo),
    ...scenesThatShip(repo),
  ],
};

function unknownRooms(repo: Repo): Violation[] {
  return manifests(repo)
    .filter((manifest) => manifest.folder !== '' && roomOf(manifest.file) === undefined)
    .map((manifest) => ({
      file: manifest.file,
      line: 0,
      rule: 'layers',
      what: `${manifest.folder} is not on the street plan.`,
      why: 'A package without a layer and a wing may touch everything.',
      todo: 'Name it in tools/src/house/street-plan.ts, with its layer and its wing.',
    }));
}

function manifestEdges(repo: Repo): Violation[] {
  const { byName } = workspaceOf(repo);
  const found: Violation[] = [];
  for (const manifest of byName.values()) {
    const from = roomOf(manifest.file);
    const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)];
    for (const name of names) {
      const target = byName.get(name);
      const to = target && roomOf(target.file);
      const reason = from && to && whyForbidden(from, to);
      if (!reason) continue;
      const line = lineOfKey(repo.read(manifest.file), name);
      const what = `depends on ${name}: ${reason}.`;
      found.push({ file: manifest.file, line, rule: 'layers', what, why: WHY, todo: REMEDY });
    }
  }
  return found;
}

function importEdges(repo: Repo): Violation[] {
  const { byName } = workspaceOf(repo);
  const found: Violation[] = [];
  for (const file of codeFiles(repo)) {
    const from = roomOf(file);
    if (from === undefined || (isTest(file) && from.wing !== 'test')) continue;
    for (const { specifier, line } of importsOf(repo, file)) {
      const name = splitSpecifier(specifier)?.name;
      const target = name === undefined ? resolveRelative(file, specifier) : byName.get(name)?.file;
      const to = target === undefined ? undefined : roomOf(target);
      const reason = to && whyForbidden(from, to);
      if (!reason) continue;
      const what = `imports ${specifier}: ${reason}.`;
      found.push({ file, line, rule: 'layers', what, why: WHY, todo: REMEDY });
    }
  }
  return found;
}

function scenesThatShip(repo: Repo): Violation[] {
  return codeFiles(repo)
    .filter((file) => !isTest(file) && !file.startsWith('tools/'))
    .flatMap((file) =>
      importsOf(repo, file)
        .filter(({ specifier }) => isScene(resolveRelative(file, specifier) ?? ''))
        .map(({ specifier, line }) => ({
          file,
          line,
          rule: 'layers' as const,
          what: `imports ${specifier}, a scene of the tests.`,
          why: 'What tests play in is judged as tests are: it may reach anywhere, and shall not ship.',
          todo: 'Move what ships beside its source, and let the scene import it.',
        })),
    );
}
