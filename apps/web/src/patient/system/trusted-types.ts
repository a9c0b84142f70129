interface TrustedTypesFactory {
  readonly defaultPolicy: unknown;
  createPolicy(name: string, rules: Readonly<Record<string, (text: string) => string>>): unknown;
}

/** The page's only Trusted Types policy: scripts and workers of our own origin, never markup, never text as a script. */
export function installTrustedTypes(): void {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (factory === undefined || factory.defaultPolicy !== null) return;
  factory.createPolicy('default', { createScriptURL: refuseForeignScript });
}

function refuseForeignScript(address: string): string {
  if (new URL(address, location.href).origin !== location.origin) throw new TypeError('foreign script');
  return address;
}
