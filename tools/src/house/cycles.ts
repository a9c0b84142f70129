import { codeFiles, importsOf, resolveRelative } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';
import { splitSpecifier, workspaceOf } from './workspace.ts';

interface Edge {
  readonly to: string;
  readonly line: number;
}

/** No file reaches itself through imports, type-only ones included. */
export const cycles: Check = {
  rule: 'cycles',
  run(repo) {
    const graph = importGraph(repo);
    return components(graph)
      .filter((files) => files.length > 1 || selfImport(graph, files[0] ?? '') !== undefined)
      .map((files) => cycleViolation(graph, files));
  },
};

function importGraph(repo: Repo): Map<string, Edge[]> {
  const { byName } = workspaceOf(repo);
  const graph = new Map<string, Edge[]>();
  for (const file of codeFiles(repo)) {
    const edges: Edge[] = [];
    for (const { specifier, line } of importsOf(repo, file)) {
      const name = splitSpecifier(specifier)?.name;
      const folder = name === undefined ? undefined : byName.get(name)?.folder;
      const to = folder === undefined ? resolveRelative(file, specifier) : `${folder}/src/index.ts`;
      if (to !== undefined && repo.has(to)) edges.push({ to, line });
    }
    graph.set(file, edges);
  }
  return graph;
}

function selfImport(graph: Map<string, Edge[]>, file: string): Edge | undefined {
  return graph.get(file)?.find((edge) => edge.to === file);
}

/** Strongly connected components (Tarjan). */
function components(graph: Map<string, Edge[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const lower = (file: string, to: number): void => {
    low.set(file, Math.min(low.get(file) ?? to, to));
  };
  const visit = (file: string): void => {
    order.set(file, order.size);
    lower(file, order.size - 1);
    open.push(file);
    for (const { to } of graph.get(file) ?? []) {
      if (!order.has(to)) {
        visit(to);
        lower(file, low.get(to) ?? 0);
      } else if (open.includes(to)) {
        lower(file, order.get(to) ?? 0);
      }
    }
    if (low.get(file) === order.get(file)) found.push(open.splice(open.indexOf(file)));
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found;
}

function cycleViolation(graph: Map<string, Edge[]>, files: readonly string[]): Violation {
  const path = shortestWayBack(graph, files);
  const first = path[0] ?? '';
  const line = graph.get(first)?.find((edge) => edge.to === (path[1] ?? first))?.line ?? 0;
  return {
    file: first,
    line,
    rule: 'cycles',
    what: `imports itself: ${[...path, first].join(' -> ')}`,
    why: 'Files of a cycle can only be read, tested and moved together, and load in an order nobody chose.',
    todo: 'Put what both need into a third file, or pass it as a parameter. Type-only imports count too.',
  };
}

/** A shortest cycle through the first file of the component, by breadth. */
function shortestWayBack(graph: Map<string, Edge[]>, files: readonly string[]): string[] {
  const start = [...files].sort()[0] ?? '';
  const inside = new Set(files);
  const queue: string[][] = [[start]];
  const seen = new Set<string>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const { to } of graph.get(path.at(-1) ?? '') ?? []) {
      if (to === start) return path;
      if (!inside.has(to) || seen.has(to)) continue;
      seen.add(to);
      queue.push([...path, to]);
    }
  }
  return [...files];
}
