import ts from 'typescript';
import { codeFiles, isTest, lineOf, parse, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

/** Code lines: without blank lines and comments. */
const FILE_TARGET_LINES = 300;
const FILE_WALL_LINES = 400;
const FUNCTION_TARGET_LINES = 60;
const FUNCTION_WALL_LINES = 100;
/** This share may lie between target and wall. */
const TOLERATED_SHARE = 0.05;
const WHY = 'What does not fit on a few screens is not read before it is changed.';

/** Files and functions stay small: 95 % below the target, none above the wall. */
export const budgets: Check = {
  rule: 'budgets',
  run(repo) {
    const files: Measure[] = [];
    const functions: Measure[] = [];
    for (const file of codeFiles(repo)) {
      const lines = codeLines(parse(repo, file));
      files.push({ file, line: 0, name: 'The file', lines: lines.size });
      // A test tells a story from top to bottom; only its file has a wall.
      if (!isTest(file)) functions.push(...measureFunctions(repo, file, lines));
    }
    return [
      ...judge(files, { target: FILE_TARGET_LINES, wall: FILE_WALL_LINES, todo: SPLIT_FILE }),
      ...judge(functions, { target: FUNCTION_TARGET_LINES, wall: FUNCTION_WALL_LINES, todo: SPLIT_FUNCTION }),
    ];
  },
};

const SPLIT_FILE = 'Split it by subject, not by size: each part named after what it does.';
const SPLIT_FUNCTION = 'Take out a step that has a name of its own; keep what must be read together.';

interface Measure {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly lines: number;
}

interface Budget {
  readonly target: number;
  readonly wall: number;
  readonly todo: string;
}

function judge(measures: readonly Measure[], { target, wall, todo }: Budget): Violation[] {
  const violation = ({ file, line, name, lines }: Measure, limit: string): Violation => {
    return {
      file,
      line,
      rule: 'budgets',
      what: `${name} has ${lines} code lines; ${limit}.`,
      why: WHY,
      todo,
    };
  };
  const overWall = measures.filter((measure) => measure.lines > wall);
  const between = measures.filter((measure) => measure.lines >= target && measure.lines <= wall);
  const tolerated = Math.floor(measures.length * TOLERATED_SHARE);
  const tooMany = between.length > tolerated ? between : [];
  return [
    ...overWall.map((measure) => violation(measure, `the wall is ${wall}`)),
    ...tooMany.map((measure) =>
      violation(
        measure,
        `of ${measures.length}, only ${tolerated} may have ${target} or more, ${between.length} have`,
      ),
    ),
  ];
}

/** The lines on which a token lies; a template over several lines counts all of them. */
function codeLines(source: ts.SourceFile): Set<number> {
  const lines = new Set<number>();
  const step = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (children.length > 0) {
      for (const child of children) if (!ts.isJSDoc(child)) step(child);
      return;
    }
    if (node.getEnd() === node.getStart(source)) return;
    const last = lineOf(source, node.getEnd());
    for (let line = lineOf(source, node.getStart(source)); line <= last; line += 1) lines.add(line);
  };
  step(source);
  return lines;
}

function measureFunctions(repo: Repo, file: string, lines: ReadonlySet<number>): Measure[] {
  const source = parse(repo, file);
  const found: Measure[] = [];
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const first = lineOf(source, node.getStart(source));
    const last = lineOf(source, node.getEnd());
    let count = 0;
    for (let line = first; line <= last; line += 1) if (lines.has(line)) count += 1;
    found.push({ file, line: first, name: functionName(node), lines: count });
  });
  return found;
}

function functionName(node: ts.SignatureDeclaration): string {
  const parent = node.parent as ts.Node | undefined;
  const own = node.name?.getText();
  if (own !== undefined) return own;
  if (ts.isConstructorDeclaration(node)) return 'The constructor';
  const named = parent && (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent));
  return named ? parent.name.getText() : 'The function';
}
