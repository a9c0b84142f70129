export function LaddersPage(_: { readonly selected?: unknown }) {
  return null;
}
