import ts from 'typescript';
import { type Allowance, covers, ENV_READERS } from './allowances.ts';
import { codeFiles, importsOf, isTest, lineOf, parse, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

/** The environment is read in one file per process. Tests may pass one on to what they start. */
export function envCheck(readers: readonly Allowance[]): Check {
  return {
    rule: 'env',
    run(repo) {
      return codeFiles(repo)
        .filter((file) => !isTest(file) || file.startsWith('packages/testkit/'))
        .filter((file) => !readers.some((reader) => covers(reader, file)))
        .flatMap((file) => reads(repo, file));
    },
  };
}

export const env = envCheck(ENV_READERS);

function reads(repo: Repo, file: string): Violation[] {
  const source = parse(repo, file);
  const found: Violation[] = [];
  const add = (line: number): void => {
    found.push({
      file,
      line,
      rule: 'env',
      what: 'reads the environment.',
      why: 'Settings that are parsed once, in one place, are refused loudly when wrong and can be listed.',
      todo: 'Take the value from the parsed settings (apps/<app>/src/config.ts), as a parameter.',
    });
  };
  for (const { specifier, names, line } of importsOf(repo, file)) {
    if (/^(node:)?process$/.test(specifier) && names.includes('env')) add(line);
  }
  walk(source, (node) => {
    if (!isEnv(node)) return;
    add(lineOf(source, node.getStart(source)));
  });
  return found;
}

function isEnv(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'env') {
    return /(^|\.)process$/.test(node.expression.getText());
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return node.argumentExpression.text === 'env' && /(^|\.)process$/.test(node.expression.getText());
  }
  // const { env } = process
  return (
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer?.getText() === 'process' &&
    node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env')
  );
}
