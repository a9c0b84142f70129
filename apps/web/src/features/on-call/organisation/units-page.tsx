export function UnitsPage(_: { readonly selected?: unknown }) {
  return null;
}
