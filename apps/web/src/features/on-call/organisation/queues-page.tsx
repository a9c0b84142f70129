export function QueuesPage(_: { readonly selected?: unknown }) {
  return null;
}
