type Graph = readonly (readonly number[])[];

/** A place from which a way leads back to itself; null: none. */
export function findCycle(graph: Graph, roots: readonly number[]): number | null {
  // 0: not seen, 1: on the way, 2: done.
  const marks = new Uint8Array(graph.length);
  const stack: [number, number][] = [];
  for (const root of roots) {
    if (marks[root] !== 0) continue;
    stack.push([root, 0]);
    marks[root] = 1;
    while (stack.length > 0) {
      const top = stack.at(-1) as [number, number];
      const next = graph[top[0]]?.[top[1]];
      if (next === undefined) {
        marks[top[0]] = 2;
        stack.pop();
        continue;
      }
      top[1] += 1;
      if (marks[next] === 1) return next;
      if (marks[next] === 2) continue;
      marks[next] = 1;
      stack.push([next, 0]);
    }
  }
  return null;
}

/** Ways from the roots to places without a way on. The graph has no cycle. */
export function countPaths(graph: Graph, roots: readonly number[]): number {
  const counts = new Float64Array(graph.length).fill(-1);
  const stack = [...roots];
  while (stack.length > 0) {
    const at = stack.at(-1) as number;
    const next = graph[at] ?? [];
    const open = next.filter((to) => (counts[to] ?? 0) < 0);
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    counts[at] = next.length === 0 ? 1 : next.reduce((sum, to) => sum + (counts[to] ?? 0), 0);
    stack.pop();
  }
  return roots.reduce((sum, root) => sum + (counts[root] ?? 0), 0);
}
