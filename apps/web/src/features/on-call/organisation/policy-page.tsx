export function PolicyPage(_: { readonly selected?: unknown }) {
  return null;
}
