interface TrustedTypesFactory {
  readonly defaultPolicy: unknown;
  createPolicy(name: string, rules: Readonly<Record<string, (text: string) => string>>): unknown;
}

/**
 * The page's only Trusted Types policy. The kit writes style sheets through innerHTML, so text passes as long as it holds no markup at all;
 * scripts and workers come from our own origin; text is never run as a script.
 */
export function installTrustedTypes(): void {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (factory === undefined || factory.defaultPolicy !== null) return;
  factory.createPolicy('default', { createHTML: refuseMarkup, createScriptURL: refuseForeignScript });
}

function refuseMarkup(text: string): string {
  if (text.includes('<')) throw new TypeError('markup is never written into the page');
  return text;
}

function refuseForeignScript(address: string): string {
  if (new URL(address, location.href).origin !== location.origin) throw new TypeError('foreign script');
  return address;
}
